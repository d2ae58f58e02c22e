import type { ConsumptionRecord } from '../core/artifact.ts';
import { BlackboardError, type BlackboardErrorCode } from '../core/errors.ts';
import type { StoreOptions } from '../core/store.ts';
import { equal } from './assert.ts';
import { casesOf, type ContractCase } from './contract-case.ts';
import { anyType, movieType } from './sample-types.ts';
import { agent, at, clockOf, entry, idOf, note } from './samples.ts';
import type { UntypedStore } from './untyped-store.ts';

/** A call, and the whole of what it answers. */
type Step = readonly [call: (store: UntypedStore) => Promise<unknown>, expected: unknown];

/** A case of fixed calls and complete answers, errors included: with the same clock and ids, every store gives them. */
function session(name: string, options: () => StoreOptions, steps: readonly Step[]): ContractCase[] {
  return casesOf(15, {
    [name]: async (bench) => {
      const store = await bench.open(options());
      for (const [i, [call, expected]] of steps.entries()) {
        equal(await outcome(call(store)), expected, `the answer to call ${String(i + 1)}`);
      }
    },
  });
}

async function outcome(call: Promise<unknown>): Promise<unknown> {
  try {
    return await call;
  } catch (error) {
    return error instanceof BlackboardError ? refusal(error.code, error.message) : error;
  }
}

function refusal(code: BlackboardErrorCode, message: string) {
  return { code, message };
}

/** An artifact that was published as `entry(n, fields)`, whole. */
function artifact(n: number, sequence: number, fields: object = {}) {
  return {
    id: idOf(n),
    type: 'Note',
    payload: { text: 'hello' },
    producedBy: 'scribe',
    correlationId: null,
    partitionKey: null,
    tags: [],
    visibility: { kind: 'Public' },
    createdAt: at(n),
    version: 1,
    sequence,
    ...fields,
  };
}

function record(n: number, fields: Partial<ConsumptionRecord> = {}): ConsumptionRecord {
  return { artifactId: idOf(n), consumer: 'reader', runId: null, correlationId: null, consumedAt: at(50), ...fields };
}

/** A page whose cursor, which is the store's own text, is told only as whether there is one. */
async function page(call: Promise<unknown>): Promise<unknown> {
  const answer: unknown = await call;
  if (typeof answer !== 'object' || answer === null || !('nextCursor' in answer)) return answer;
  return { ...answer, nextCursor: answer.nextCursor !== null };
}

const MOVIE = { type: 'films.Movie', payload: { title: 'M' }, producedBy: 'critic', tags: ['new', 'old'] };
const EMPTY = { total: 0, byType: {} };

const day = session(
  'answers a session of publishing, replacing and consuming',
  () => ({ now: clockOf(50), types: [movieType('films.Movie')] }),
  [
    [(store) => store.list(), []],
    [(store) => store.publish(entry(1)), artifact(1, 1)],
    [
      (store) =>
        store.publish(
          entry(2, { ...MOVIE, type: 'Movie', tags: ['old', 'new', 'old'], version: 3, correlationId: 'c' }),
        ),
      artifact(2, 2, { ...MOVIE, version: 3, correlationId: 'c' }),
    ],
    [
      (store) =>
        store.publishMany([note({ id: idOf(3), partitionKey: 'p' }), entry(1, { payload: { text: 'again' } })]),
      [artifact(3, 3, { createdAt: at(50), partitionKey: 'p' }), artifact(1, 4, { payload: { text: 'again' } })],
    ],
    [
      (store) =>
        store.recordConsumptions([
          { artifactId: idOf(2), consumer: 'reader', runId: 'r1' },
          { artifactId: idOf(2), consumer: 'reader' },
          { artifactId: idOf(1), consumer: 'critic', correlationId: 'c', consumedAt: at(60) },
          { artifactId: idOf(2), consumer: 'reader', runId: 'r1', correlationId: 'not kept' },
        ]),
      undefined,
    ],
    [(store) => store.get(idOf(1)), artifact(1, 4, { payload: { text: 'again' } })],
    [(store) => store.get(idOf(4)), null],
    [
      (store) => store.fetchGraphArtifacts(),
      {
        items: [
          {
            artifact: artifact(1, 4, { payload: { text: 'again' } }),
            consumptions: [record(1, { consumer: 'critic', correlationId: 'c', consumedAt: at(60) })],
          },
          {
            artifact: artifact(2, 2, { ...MOVIE, version: 3, correlationId: 'c' }),
            consumptions: [record(2), record(2, { runId: 'r1' })],
          },
          { artifact: artifact(3, 3, { createdAt: at(50), partitionKey: 'p' }), consumptions: [] },
        ],
        total: 3,
        nextCursor: null,
      },
    ],
    [(store) => store.getByType(movieType('books.Movie')), []],
    [(store) => store.listByType('films.Movie'), [artifact(2, 2, { ...MOVIE, version: 3, correlationId: 'c' })]],
    [
      (store) => store.summarizeArtifacts({ end: at(50) }),
      {
        total: 3,
        byType: { Note: 2, 'films.Movie': 1 },
        byProducer: { critic: 1, scribe: 2 },
        byVisibility: { Public: 3 },
        tagCounts: { new: 1, old: 1 },
        earliestCreatedAt: at(1),
        latestCreatedAt: at(50),
        isFullWindow: false,
        windowSpanLabel: '1 minutes',
      },
    ],
    [
      (store) => store.agentHistorySummary('critic'),
      { produced: { total: 1, byType: { 'films.Movie': 1 } }, consumed: { total: 1, byType: { Note: 1 } } },
    ],
    [
      (store) => store.agentHistorySummary('reader', { typeNames: 'films.Movie' }),
      { produced: EMPTY, consumed: { total: 2, byType: { 'films.Movie': 2 } } },
    ],
    [(store) => store.close(), undefined],
    [(store) => store.list(), refusal('closed', 'Cannot call list: the store is closed')],
  ],
);

const refusals = session(
  'answers a session of refusals, word for word',
  () => ({ now: clockOf(50), types: [movieType('films.Movie'), anyType('books.Movie')] }),
  [
    [
      (store) => store.publish(entry(1, { payload: { a: [1, Number.NaN] } })),
      refusal(
        'invalid-payload',
        'Cannot publish artifact of type "Note": NaN at "payload.a[1]" is not a number that JSON can carry',
      ),
    ],
    [
      (store) => store.publish(entry(1, { type: 'films.Movie', payload: { title: '' } })),
      refusal(
        'invalid-payload',
        'Cannot publish artifact of type "films.Movie": "title" does not pass the schema of "films.Movie": must not be empty',
      ),
    ],
    [
      (store) => store.publish(entry(1, { type: 'Movie' })),
      refusal(
        'ambiguous-type',
        'Cannot publish artifact of type "Movie": type name "Movie" is ambiguous, it fits "books.Movie" and "films.Movie"',
      ),
    ],
    [
      (store) => store.listByType(anyType('films.Movie')),
      refusal(
        'conflict',
        'Cannot list artifacts by type: artifact type "films.Movie" is already registered with another schema',
      ),
    ],
    [
      (store) => store.publishMany([entry(1), { ...note(), producedBy: 7 }]),
      refusal(
        'invalid-argument',
        'Cannot publish artifact of type "Note" (draft 2 of 2): "producedBy" must be a string without lone surrogates, got 7',
      ),
    ],
    [
      (store) => store.recordConsumptions([{ artifactId: idOf(1), consumer: 'reader' }]),
      refusal('not-found', `Cannot record consumptions: artifact "${idOf(1)}" is not on the board`),
    ],
    [(store) => store.get('M'), refusal('invalid-argument', 'Cannot get artifact: id "M" is not a UUID')],
    [
      (store) => store.queryArtifacts({}, { limit: 0 }),
      refusal('invalid-argument', 'Cannot query artifacts: "limit" must be a positive integer or Infinity, got 0'),
    ],
    [
      (store) => store.fetchGraphArtifacts({ tag: 'x' }),
      refusal('invalid-argument', 'Cannot fetch graph artifacts: unknown field "tag" in the filter'),
    ],
    [
      (store) => store.queryArtifacts({}, { cursor: 'next', offset: 1 }),
      refusal('invalid-argument', 'Cannot query artifacts: offset 1 does not go with a cursor'),
    ],
    [
      (store) => store.queryArtifacts({}, { cursor: 'next' }),
      refusal('invalid-argument', 'Cannot query artifacts: "next" is not a cursor'),
    ],
    [
      (store) => store.summarizeArtifacts({ visibility: 'Secret' }),
      refusal(
        'invalid-argument',
        'Cannot summarize artifacts: "visibility[0]" must be one of Public, Private, Labelled, Tenant, After, got "Secret"',
      ),
    ],
    [
      (store) => store.deleteBefore('2025'),
      refusal(
        'invalid-argument',
        'Cannot delete artifacts: "before" must be a Date in the years 1 to 9999, got "2025"',
      ),
    ],
    [(store) => store.list(), []],
  ],
);

const paging = session('answers a session of pages', () => ({ now: clockOf(50) }), [
  [(store) => store.publishMany([entry(2), entry(1), entry(3)]), [artifact(2, 1), artifact(1, 2), artifact(3, 3)]],
  [
    (store) => page(store.queryArtifacts({ typeNames: 'Note' }, { limit: 2 })),
    { items: [artifact(1, 2), artifact(2, 1)], total: 3, nextCursor: true },
  ],
  [
    (store) => page(store.queryArtifacts(undefined, { limit: 2, offset: 1, order: 'desc', total: false })),
    { items: [artifact(2, 1), artifact(1, 2)], total: null, nextCursor: false },
  ],
  [
    (store) => page(store.queryArtifacts({ ids: [idOf(2), idOf(7)] }, { embedMeta: true })),
    { items: [{ artifact: artifact(2, 1), consumptions: [] }], total: 1, nextCursor: false },
  ],
  [(store) => page(store.queryArtifacts({ tags: 'x' }, {})), { items: [], total: 0, nextCursor: false }],
  [
    (store) => page(store.fetchGraphArtifacts({ start: at(3) }, { limit: Infinity })),
    { items: [{ artifact: artifact(3, 3), consumptions: [] }], total: 1, nextCursor: false },
  ],
]);

const keeping = session('answers a session of agents and deletions', () => ({ now: clockOf(50) }), [
  [(store) => store.upsertAgentSnapshot(agent('b', { labels: ['y', 'x', 'y'] })), undefined],
  [(store) => store.upsertAgentSnapshot(agent('a')), undefined],
  [(store) => store.loadAgentSnapshots(), [agent('a'), agent('b', { labels: ['y', 'x', 'y'] })]],
  [(store) => store.publish(entry(1)), artifact(1, 3)],
  [(store) => store.deleteBefore(at(1)), 0],
  [(store) => store.deleteBefore(at(2)), 1],
  [(store) => store.deleteBefore(at(2)), 0],
  [(store) => store.publish(entry(1)), artifact(1, 5)],
  [(store) => store.clearAgentSnapshots(), undefined],
  [(store) => store.loadAgentSnapshots(), []],
  [(store) => store.vacuum(), undefined],
  [(store) => store.flush(), undefined],
  [(store) => store.list(), [artifact(1, 5)]],
  [(store) => store.close(), undefined],
  [(store) => store.close(), undefined],
]);

const names = session('answers a session of names', () => ({ now: clockOf(50), types: [anyType('a.Note')] }), [
  [(store) => store.publish(entry(1)), artifact(1, 1, { type: 'a.Note' })],
  [(store) => store.listByType('Note'), [artifact(1, 1, { type: 'a.Note' })]],
  [(store) => store.listByType(anyType('b.Note')), []],
  [
    (store) => store.listByType('Note'),
    refusal(
      'ambiguous-type',
      'Cannot list artifacts by type: type name "Note" is ambiguous, it fits "a.Note" and "b.Note"',
    ),
  ],
  [(store) => store.listByType('a.Note'), [artifact(1, 1, { type: 'a.Note' })]],
  [(store) => store.listByType('note'), []],
]);

export const sessionCases: readonly ContractCase[] = [...day, ...refusals, ...paging, ...keeping, ...names];
