import { describe, expect, it } from 'vitest';
import { isSupportedByMedium, type MediumCapabilities } from '../../src/contract/medium-case.ts';
import { mediumContract } from '../../src/contract/medium-contract.ts';
import { EXCLUSIVE_MODEL, modelBench, SHARED_MODEL } from '../crash/model-bench.ts';

const models: Readonly<Record<string, MediumCapabilities>> = {
  'a model that several share': SHARED_MODEL,
  'a model that one has for itself': EXCLUSIVE_MODEL,
};

for (const [name, capabilities] of Object.entries(models)) {
  describe(`the contract of media on ${name}`, () => {
    for (const mediumCase of mediumContract.filter((one) => isSupportedByMedium(one, capabilities))) {
      it(mediumCase.name, () => mediumCase.run(modelBench(capabilities)));
    }
  });
}

describe('the contract of media', () => {
  it('has at least three cases about each of its subjects', () => {
    const counts = new Map<string, number>();
    for (const { subject } of mediumContract) counts.set(subject, (counts.get(subject) ?? 0) + 1);
    expect([...counts].filter(([, count]) => count < 3)).toEqual([]);
    expect(counts.size).toBe(10);
  });

  it('gives each case a name of its own', () => {
    const names = mediumContract.map(({ name }) => name);
    expect(names.filter((name, i) => names.indexOf(name) !== i)).toEqual([]);
  });
});
