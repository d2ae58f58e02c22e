import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  compareArtifacts,
  compareConsumptions,
  consumptionKey,
  toAgentSnapshot,
  toArtifact,
  toConsumption,
} from '../../src/core/fact.ts';
import { artifactWith, consumptionWith, idOf } from './samples.ts';

const agent = {
  agentName: 'scout',
  description: 'finds',
  subscriptions: ['a'],
  outputTypes: ['b'],
  labels: ['c'],
  firstSeen: 1,
  lastSeen: 2,
  signature: 's',
};

describe('the public form', () => {
  it('of an artifact holds the same with a Date', () => {
    const stored = artifactWith({ correlationId: 'c', partitionKey: 'p', tags: ['t'], version: 3, sequence: 7 });
    expect(toArtifact(stored)).toEqual({ ...stored, createdAt: new Date(1000) });
  });

  it('has a Date of its own each time, so that changing one changes nothing else', () => {
    const stored = artifactWith();
    toArtifact(stored).createdAt.setTime(0);
    expect(toArtifact(stored).createdAt).toEqual(new Date(1000));
  });

  it('of a consumption holds the same with a Date', () => {
    const stored = consumptionWith({ runId: 'r', correlationId: 'c' });
    expect(toConsumption(stored)).toEqual({ ...stored, consumedAt: new Date(2000) });
  });

  it('of an agent holds the same with Dates', () => {
    expect(toAgentSnapshot(agent)).toEqual({ ...agent, firstSeen: new Date(1), lastSeen: new Date(2) });
  });
});

describe('the order of artifacts', () => {
  it.each([
    [{ createdAt: 1, id: idOf(9) }, { createdAt: 2, id: idOf(1) }, -1],
    [{ createdAt: 2, id: idOf(1) }, { createdAt: 1, id: idOf(9) }, 1],
    [{ createdAt: 1, id: idOf(1) }, { createdAt: 1, id: idOf(2) }, -1],
    [{ createdAt: 1, id: idOf(2) }, { createdAt: 1, id: idOf(1) }, 1],
    [{ createdAt: 1, id: idOf(1) }, { createdAt: 1, id: idOf(1) }, 0],
    [{ createdAt: -5, id: idOf(1) }, { createdAt: -4, id: idOf(1) }, -1],
  ])('compares %j and %j to %i', (a, b, sign) => {
    expect(Math.sign(compareArtifacts(a, b))).toBe(sign);
  });
});

describe('the order of consumptions', () => {
  it('is by instant, consumer by code point, and run, those without a run first', () => {
    const ordered = [
      consumptionWith({ consumedAt: 1, consumer: 'z', runId: 'z' }),
      consumptionWith({ consumedAt: 2, consumer: 'a', runId: null }),
      consumptionWith({ consumedAt: 2, consumer: 'a', runId: '' }),
      consumptionWith({ consumedAt: 2, consumer: 'a', runId: '\uff5e' }),
      consumptionWith({ consumedAt: 2, consumer: 'a', runId: '\u{1d11e}' }),
      consumptionWith({ consumedAt: 2, consumer: '\uff5e', runId: null }),
      consumptionWith({ consumedAt: 2, consumer: '\u{1d11e}', runId: null }),
    ];
    ordered.forEach((a, i) => {
      ordered.forEach((b, j) => {
        expect(Math.sign(compareConsumptions(a, b))).toBe(Math.sign(i - j));
      });
    });
  });

  it('calls two without a run equal', () => {
    expect(compareConsumptions(consumptionWith(), consumptionWith({ correlationId: 'c' }))).toBe(0);
  });
});

describe('what makes two consumptions one', () => {
  const base = consumptionWith({ runId: 'r' });

  it('is the artifact, the consumer, the run and the instant', () => {
    const others = [{ artifactId: idOf(2) }, { consumer: 'x' }, { runId: 's' }, { runId: null }, { consumedAt: 2001 }];
    expect(consumptionKey({ ...base, correlationId: 'c' })).toBe(consumptionKey(base));
    for (const other of others) expect(consumptionKey({ ...base, ...other })).not.toBe(consumptionKey(base));
  });

  it('keeps a run called "null" apart from none, whatever the strings hold', () => {
    const text = fc.oneof(fc.constantFrom('null', '', '"', ',', '\\'), fc.string());
    const consumption = fc
      .record({ consumer: text, runId: fc.option(text), consumedAt: fc.constantFrom(1, 2) })
      .map(consumptionWith);
    fc.assert(
      fc.property(consumption, consumption, (a, b) => {
        const isSame = a.consumer === b.consumer && a.runId === b.runId && a.consumedAt === b.consumedAt;
        expect(consumptionKey(a) === consumptionKey(b)).toBe(isSame);
        expect(compareConsumptions(a, b) === 0).toBe(isSame);
      }),
    );
  });
});
