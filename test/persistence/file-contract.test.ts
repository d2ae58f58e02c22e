import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it, onTestFinished } from 'vitest';
import { isSupportedByMedium, type MediumBench } from '../../src/contract/medium-case.ts';
import { mediumContract } from '../../src/contract/medium-contract.ts';
import { fileMedium } from '../../src/file.ts';
import type { MediumOptions, OpenMedium } from '../../src/persistence/medium.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** Boards in files, each in a folder of its own. */
function fileBench(): MediumBench {
  const paths = new Map<OpenMedium, string>();
  const openAt = async (path: string, options: Partial<MediumOptions> = {}) => {
    const medium = await fileMedium(path).open({ readOnly: false, ...options });
    paths.set(medium, path);
    onTestFinished(() => medium.close());
    return medium;
  };
  const pathOf = (medium: OpenMedium) => paths.get(medium) ?? '';
  return {
    open: async (options) => openAt(join(await temporaryFolder(), 'board.db'), options),
    reopen: async (medium, { abandon, ...options } = {}) => {
      // A process that is gone holds no lock that counts; this one is not, so its lock goes with the medium.
      if (abandon === true) await rm(`${pathOf(medium)}.lock`, { force: true });
      else await medium.close();
      return openAt(pathOf(medium), options);
    },
    second: (medium, options) => openAt(pathOf(medium), options),
  };
}

const CAPABILITIES = { shared: false, exclusive: true, orphans: false, powerCut: false };

describe('a file medium', () => {
  for (const mediumCase of mediumContract.filter((each) => isSupportedByMedium(each, CAPABILITIES))) {
    it(`${mediumCase.subject}: ${mediumCase.name}`, () => mediumCase.run(fileBench()));
  }
});
