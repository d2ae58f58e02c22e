import * as fc from 'fast-check';
import { TYPES, types } from './sample-types.ts';
import { MORNING, idOf, ids, instants, kinds, payloads, setOf, texts, visibilities } from './sample-values.ts';

/** One call of a store, as data. */
export interface Call {
  readonly method: string;
  /** The arguments before the last options object. */
  readonly args: readonly unknown[];
  readonly options: Readonly<Record<string, unknown>> | undefined;
  /** Which of the pages kept so far to go on from: its filter and order with its cursor, or only its cursor. */
  readonly from?: { readonly page: number; readonly withFilter: boolean };
  /** Aborted before the call, or at once after it. */
  readonly abort?: 'before' | 'after';
}

/** Calls that are made one after the other without waiting, and then waited for. */
export type Step = readonly Call[];

/** The value in so many of a hundred cases, else undefined. */
const maybe = <T>(arbitrary: fc.Arbitrary<T>, percent: number): fc.Arbitrary<T | undefined> =>
  fc.oneof({ weight: percent, arbitrary }, { weight: 100 - percent, arbitrary: fc.constant(undefined) });
const nullable = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: null, freq: 4 });

/** Leaves out what is undefined, but not always. */
function sparse(fields: Record<string, fc.Arbitrary<unknown>>): fc.Arbitrary<Record<string, unknown>> {
  return fc
    .record(fields)
    .map((record) => Object.fromEntries(Object.entries(record).filter(([, v]) => v !== undefined)));
}

/** Spoils one record in a few dozen: a field that does not exist, or one that is missing. */
function spoilt(records: fc.Arbitrary<Record<string, unknown>>): fc.Arbitrary<Record<string, unknown>> {
  return fc.tuple(records, fc.nat(120)).map(([record, die]) => {
    if (die === 0) return { ...record, extra: 1 };
    return die === 1 ? Object.fromEntries(Object.entries(record).slice(1)) : record;
  });
}

const drafts = spoilt(
  sparse({
    type: types,
    payload: payloads,
    producedBy: texts,
    id: maybe(ids, 60),
    correlationId: maybe(nullable(texts), 40),
    partitionKey: maybe(nullable(texts), 30),
    tags: maybe(setOf(texts), 40),
    visibility: maybe(visibilities, 40),
    createdAt: maybe(instants, 60),
    version: maybe(fc.constantFrom(...[1, 2, 3, 4, 5, 6, 7, 8, 9, 0]), 10),
  }),
);

const consumptions = spoilt(
  sparse({
    artifactId: ids,
    consumer: fc.oneof(fc.constantFrom('a', 'b'), texts),
    runId: maybe(fc.oneof(fc.constantFrom('r', null), nullable(texts)), 60),
    correlationId: maybe(nullable(texts), 50),
    consumedAt: maybe(fc.oneof(fc.constant(new Date(MORNING)), instants), 80),
  }),
);

/** Some records, now and then with one that differs from another only in what does not tell them apart. */
const records = fc
  .tuple(fc.array(consumptions, { maxLength: 3 }), fc.nat(4), texts)
  .map(([some, die, correlationId]) => (die === 0 && some[0] ? [...some, { ...some[0], correlationId }] : some));

const filters = fc.option(
  spoilt(
    sparse({
      ids: maybe(setOf(ids), 20),
      typeNames: maybe(setOf(types), 20),
      producedBy: maybe(setOf(texts), 20),
      correlationId: maybe(nullable(texts), 20),
      partitionKey: maybe(nullable(texts), 20),
      tags: maybe(setOf(texts), 20),
      visibility: maybe(setOf(kinds), 20),
      start: maybe(instants, 20),
      end: maybe(instants, 20),
    }).map((filter) => Object.fromEntries(Object.entries(filter).slice(0, 3))),
  ),
  { nil: undefined, freq: 3 },
);

const pages = sparse({
  limit: maybe(
    fc.oneof({ weight: 30, arbitrary: fc.constantFrom(1, 1, 2, 3, Infinity) }, fc.constantFrom(0, -1, 1.5, '1', null)),
    70,
  ),
  offset: maybe(fc.oneof({ weight: 20, arbitrary: fc.nat(3) }, fc.constantFrom(-1, -0, 0.5, Infinity)), 15),
  order: maybe(fc.oneof({ weight: 20, arbitrary: fc.constantFrom('asc', 'desc') }, fc.constantFrom('up', null)), 40),
  total: maybe(fc.boolean(), 30),
  embedMeta: maybe(fc.boolean(), 30),
  cursor: maybe(fc.constantFrom('', 'no cursor', 7), 2),
});

const snapshots = spoilt(
  fc.record({
    agentName: fc.oneof(fc.constantFrom('a', 'B', '\uff5e', '\u{1d11e}'), texts),
    description: texts,
    subscriptions: fc.array(texts, { maxLength: 2 }),
    outputTypes: fc.array(texts, { maxLength: 2 }),
    labels: fc.array(texts, { maxLength: 2 }),
    firstSeen: instants,
    lastSeen: instants,
    signature: texts,
  }),
);

const from = maybe(fc.record({ page: fc.nat(20), withFilter: fc.nat(5).map((n) => n > 0) }), 40);
const callOptions = maybe(fc.constantFrom({}, { extra: 1 }), 10);
const getByTypeOptions = sparse({
  correlationId: maybe(texts, 20),
  invalid: maybe(fc.constantFrom('throw', 'skip', 'skip', 'skip', 'skip', 'skip', 'skip', 'skip', 'ask'), 60),
  withArtifact: maybe(fc.boolean(), 30),
});

function call(
  method: string,
  args: readonly fc.Arbitrary<unknown>[],
  options: fc.Arbitrary<Record<string, unknown> | undefined> = fc.constant(undefined),
): fc.Arbitrary<Call> {
  return fc.record({ method: fc.constant(method), args: fc.tuple(...args), options });
}

const paged = (method: string) =>
  fc.tuple(call(method, [filters], pages), from).map(([query, start]) => (start ? { ...query, from: start } : query));

const calls: fc.Arbitrary<Call> = fc.oneof(
  { weight: 30, arbitrary: call('publish', [drafts]) },
  { weight: 8, arbitrary: call('publishMany', [fc.array(drafts, { maxLength: 4 })]) },
  { weight: 14, arbitrary: call('recordConsumptions', [records]) },
  { weight: 3, arbitrary: call('deleteBefore', [instants]) },
  { weight: 20, arbitrary: paged('queryArtifacts') },
  { weight: 6, arbitrary: paged('fetchGraphArtifacts') },
  { weight: 5, arbitrary: call('get', [ids]) },
  { weight: 3, arbitrary: call('list', [], callOptions) },
  { weight: 5, arbitrary: call('listByType', [types]) },
  { weight: 5, arbitrary: call('getByType', [fc.constantFrom(...TYPES)], getByTypeOptions) },
  { weight: 5, arbitrary: call('summarizeArtifacts', [filters]) },
  { weight: 5, arbitrary: call('agentHistorySummary', [texts, filters]) },
  { weight: 4, arbitrary: call('upsertAgentSnapshot', [snapshots]) },
  { weight: 2, arbitrary: call('loadAgentSnapshots', []) },
  { weight: 1, arbitrary: call('clearAgentSnapshots', []) },
  { weight: 1, arbitrary: call('vacuum', []) },
  { weight: 1, arbitrary: call('flush', []) },
);

const abortable = fc
  .tuple(calls, fc.nat(40))
  .map(([one, die]): Call => (die < 2 ? { ...one, abort: die === 0 ? 'before' : 'after' } : one));

/** Calls without signals and cursors: what they answer depends on the calls before them only. */
export const plainCalls: fc.Arbitrary<Call[]> = fc.array(
  calls.map(({ method, args, options }) => ({ method, args, options })),
  { maxLength: 20, size: 'max' },
);

/** Sequences that begin with some artifacts under the ids that the rest is about, so that it meets them. */
export const steps: fc.Arbitrary<Step[]> = fc
  .tuple(
    fc.array(drafts, { maxLength: 6, size: 'max' }),
    fc.array(
      fc.oneof(
        { weight: 5, arbitrary: calls.map((one): Step => [one]) },
        { weight: 1, arbitrary: fc.array(abortable, { minLength: 2, maxLength: 5 }) },
      ),
      { maxLength: 25, size: 'max' },
    ),
  )
  .map(([first, rest]) => [
    ...first.map((draft, n): Step => [{ method: 'publish', args: [{ ...draft, id: idOf(n) }], options: undefined }]),
    ...rest,
  ]);
