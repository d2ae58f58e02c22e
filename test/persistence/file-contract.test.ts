import type * as FileSystem from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { beforeEach, describe, it, onTestFinished, vi } from 'vitest';
import { isSupportedByMedium, type MediumBench } from '../../src/contract/medium-case.ts';
import { mediumContract } from '../../src/contract/medium-contract.ts';
import { fileMedium } from '../../src/file.ts';
import type { MediumOptions, OpenMedium } from '../../src/persistence/medium.ts';
import { CUTS, FlushedFolder, leaveToOthers } from './flushed-folder.ts';
import { temporaryFolder } from './temporary-folder.ts';
import { watched } from './watched-files.ts';

vi.mock('node:fs/promises', async (original) => {
  const { watchFiles } = await import('./watched-files.ts');
  return watchFiles(await original<typeof FileSystem>());
});

beforeEach(() => watched.reset());

/** Boards in files, each in a folder of its own; the kinds of power cuts take turns. */
function fileBench(): MediumBench {
  const paths = new Map<OpenMedium, string>();
  const folders = new Map<string, FlushedFolder>();
  let cuts = 0;
  watched.after = async (call, path) => {
    for (const folder of folders.values()) await folder.saw(call, path);
  };
  const openAt = async (path: string, options: Partial<MediumOptions> = {}) => {
    if (!folders.has(dirname(path))) folders.set(dirname(path), await FlushedFolder.at(dirname(path)));
    const medium = await fileMedium(path).open({ readOnly: false, ...options });
    paths.set(medium, path);
    onTestFinished(() => medium.close());
    return medium;
  };
  const pathOf = (medium: OpenMedium) => paths.get(medium) ?? '';
  const cutPower = async (path: string) => {
    const [cut = { names: 'flushed', bytes: 'flushed' }] = CUTS.slice(cuts++ % CUTS.length);
    return join((await folders.get(dirname(path))?.cut(cut)) ?? '', 'board.db');
  };
  return {
    open: async (options) => openAt(join(await temporaryFolder(), 'board.db'), options),
    reopen: async (medium, { abandon, powerCut, ...options } = {}) => {
      const path = pathOf(medium);
      if (powerCut === true) return openAt(await cutPower(path), options);
      if (abandon === true) await leaveToOthers(`${path}.lock`);
      else await medium.close();
      return openAt(path, options);
    },
    second: (medium, options) => openAt(pathOf(medium), options),
  };
}

const CAPABILITIES = { shared: false, exclusive: true, orphans: false, powerCut: true };

describe('a file medium', () => {
  for (const mediumCase of mediumContract.filter((each) => isSupportedByMedium(each, CAPABILITIES))) {
    it(`${mediumCase.subject}: ${mediumCase.name}`, () => mediumCase.run(fileBench()));
  }
});
