import { describe, expect, it } from 'vitest';
import { InvalidArgumentError, NotFoundError } from '../../src/core/errors.ts';
import { consumptionKey } from '../../src/core/fact.ts';
import { Stamps } from '../../src/core/stamps.ts';
import { checkConsumptions, resolveConsumptions } from '../../src/core/write.ts';
import { boardWith, consumptionWith, idOf, thrownBy } from './samples.ts';
import { DATE, NOW, stamps, TEXT } from './write-samples.ts';

describe('consumptions', () => {
  function readAll(records: unknown) {
    return checkConsumptions(records, stamps(), 'record consumptions');
  }

  const record = { artifactId: idOf(1), consumer: 'critic' };

  it('get defaults for what they leave out, one instant for all', () => {
    let now = NOW;
    const clock = new Stamps(() => new Date(now++), undefined);
    const expected = { ...record, runId: null, correlationId: null, consumedAt: NOW };
    const nothing = { runId: undefined, correlationId: undefined, consumedAt: undefined };
    expect(checkConsumptions([record, { ...record, ...nothing }], clock, 'record')).toEqual([expected, expected]);
  });

  it('are taken as given', () => {
    const given = { ...record, runId: 'r', correlationId: '', consumedAt: new Date(5) };
    expect(readAll([{ ...given, artifactId: idOf(171).toUpperCase() }])).toEqual([
      { ...given, artifactId: idOf(171), consumedAt: 5 },
    ]);
    expect(readAll([{ ...record, runId: null, correlationId: null }])).toMatchObject([
      { runId: null, correlationId: null },
    ]);
  });

  it('are read once, each as it is at that moment', () => {
    const reused = { ...record };
    function* records() {
      for (const consumer of ['a', 'b']) yield Object.assign(reused, { consumer });
    }
    expect(readAll(records()).map(({ consumer }) => consumer)).toEqual(['a', 'b']);
    expect(readAll(new Set([record]))).toHaveLength(1);
    expect(readAll([])).toEqual([]);
  });

  it.each<[string, unknown, string]>([
    ['nothing', undefined, 'the records must be an iterable, got undefined'],
    ['null', null, 'the records must be an iterable, got null'],
    ['one record', record, `the records must be an iterable, got {"artifactId":"${idOf(1)}","consumer":"critic"}`],
    ['a string', 'records', 'the records must be an iterable, got "records"'],
    ['a record that is none', [null], 'the record must be an object, got null'],
    ['a field that does not exist', [{ ...record, run: 'r' }], 'unknown field "run" in the record'],
    ['no artifact', [{ consumer: 'a' }], '"artifactId" must be a UUID, got undefined'],
    ['an artifact that is none', [record, { ...record, artifactId: 'x' }], '"artifactId" must be a UUID, got "x"'],
    ['no consumer', [{ artifactId: idOf(1) }], `"consumer" ${TEXT}, got undefined`],
    ['a consumer that is none', [{ ...record, consumer: 5 }], `"consumer" ${TEXT}, got 5`],
    ['a run that is none', [{ ...record, runId: 5 }], `"runId" ${TEXT}, or null, got 5`],
    ['a correlation that is none', [{ ...record, correlationId: 5 }], `"correlationId" ${TEXT}, or null, got 5`],
    ['an instant that is none', [{ ...record, consumedAt: 5 }], `"consumedAt" ${DATE}, got 5`],
  ])('are refused for %s', (_, records, problem) => {
    const error = thrownBy(() => readAll(records));
    expect(error).toBeInstanceOf(InvalidArgumentError);
    expect(error).toHaveProperty('message', `Cannot record consumptions: ${problem}`);
  });

  it('that cannot be read are refused with the cause', () => {
    const cause = new Error('no');
    function* records() {
      yield record;
      throw cause;
    }
    const error = thrownBy(() => readAll(records()));
    expect(error).toBeInstanceOf(InvalidArgumentError);
    expect(error).toMatchObject({ message: 'Cannot record consumptions: reading the records failed', cause });
  });

  it('of artifacts on the board take the next numbers', () => {
    const consumptions = [consumptionWith(), consumptionWith({ runId: 'r' })];
    const board = boardWith({ sequence: 5, hasArtifact: (id) => id === idOf(1) });
    expect(resolveConsumptions(consumptions, board, 'record')).toEqual({
      facts: consumptions.map((consumption, i) => ({ kind: 'consumption', consumption, sequence: 6 + i })),
      result: undefined,
    });
  });

  it('that are recorded already, or twice in one call, are one and take no number', () => {
    const known = consumptionWith({ runId: 'known' });
    const board = boardWith({
      sequence: 5,
      hasArtifact: () => true,
      hasConsumption: (consumption) => consumptionKey(consumption) === consumptionKey(known),
    });
    const last = consumptionWith({ runId: 'last' });
    const given = [known, consumptionWith(), consumptionWith({ correlationId: 'second' }), last];
    expect(resolveConsumptions(given, board, 'record').facts).toEqual([
      { kind: 'consumption', consumption: consumptionWith(), sequence: 6 },
      { kind: 'consumption', consumption: last, sequence: 7 },
    ]);
  });

  it('of an artifact that is not on the board are an error that names the first', () => {
    const consumptions = [1, 2, 3].map((n) => consumptionWith({ artifactId: idOf(n) }));
    const board = boardWith({ hasArtifact: (id) => id === idOf(1) });
    const error = thrownBy(() => resolveConsumptions(consumptions, board, 'record consumptions'));
    expect(error).toBeInstanceOf(NotFoundError);
    expect(error).toHaveProperty('message', `Cannot record consumptions: artifact "${idOf(2)}" is not on the board`);
  });
});
