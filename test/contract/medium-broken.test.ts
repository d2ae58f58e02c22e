import { describe, expect, it } from 'vitest';
import {
  isSupportedByMedium,
  type MediumBench,
  type MediumCapabilities,
  type MediumCase,
} from '../../src/contract/medium-case.ts';
import { mediumContract } from '../../src/contract/medium-contract.ts';
import { EXCLUSIVE_MODEL, modelBench, SHARED_MODEL } from '../crash/model-bench.ts';
import { alteredMedium } from './medium-altered.ts';
import { brokenMedia } from './medium-broken.ts';

const TIME_LIMIT = 5000;

function casesFor(capabilities: MediumCapabilities): MediumCase[] {
  return mediumContract.filter((mediumCase) => isSupportedByMedium(mediumCase, capabilities));
}

/** The names of the cases that fail, or do not end. */
async function failuresOf(createBench: () => MediumBench, cases: readonly MediumCase[]): Promise<string[]> {
  const failed: string[] = [];
  for (const mediumCase of cases) {
    let timer: NodeJS.Timeout | undefined;
    const limit = new Promise((_, reject) => {
      timer = setTimeout(reject, TIME_LIMIT);
    });
    await Promise.race([mediumCase.run(createBench()), limit]).catch(() => failed.push(mediumCase.name));
    clearTimeout(timer);
  }
  return failed;
}

describe('the contract of media fails, at the very subject, on a medium that', () => {
  for (const { name, subject, capabilities, createBench } of brokenMedia) {
    it(`${name} (${subject})`, async () => {
      const cases = casesFor(capabilities).filter((mediumCase) => mediumCase.subject === subject);
      expect(await failuresOf(createBench, cases)).not.toEqual([]);
    });
  }
});

describe('the broken media', () => {
  it('are two or more for each subject', () => {
    const subjects = [...new Set(mediumContract.map(({ subject }) => subject))];
    const few = subjects.filter((subject) => brokenMedia.filter((broken) => broken.subject === subject).length < 2);
    expect(few).toEqual([]);
  });

  it.each([SHARED_MODEL, EXCLUSIVE_MODEL])(
    'fail for what they break: without a change, the model passes',
    async (capabilities) => {
      const createBench = () => modelBench(capabilities, (medium) => alteredMedium(medium, {}));
      expect(await failuresOf(createBench, casesFor(capabilities))).toEqual([]);
    },
  );

  it('break one thing only: most of the contract holds', async () => {
    const wrecks: string[] = [];
    for (const { name, capabilities, createBench } of brokenMedia) {
      // Without those that move megabytes.
      const sample = casesFor(capabilities).filter(({ subject }, i) => subject !== 'bytes' && i % 4 === 0);
      if ((await failuresOf(createBench, sample)).length > sample.length / 2) wrecks.push(name);
    }
    expect(wrecks).toEqual([]);
  });
});
