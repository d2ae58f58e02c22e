import { BlackboardError } from '../core/errors.ts';
import { equal, includes, rejection, rejects } from './assert.ts';
import { casesOf, type ContractCase } from './contract-case.ts';
import { anyType, movieType } from './sample-types.ts';
import { agent, consumption, entry, idOf, note } from './samples.ts';
import type { UntypedStore } from './untyped-store.ts';

type Call = (store: UntypedStore) => Promise<unknown>;

/** Calls that no types would let through, and what their messages must hold: the field or argument, and the value as quoted. */
const WRONG_CALLS: Readonly<Record<string, readonly [call: Call, ...words: string[]]>> = {
  'publish without a draft': [(store) => store.publish(), 'publish', 'draft', 'undefined'],
  'a draft that is a text': [(store) => store.publish('draft'), 'publish', '"draft"'],
  'a draft without a type': [(store) => store.publish({ ...note(), type: undefined }), 'publish', 'type', 'undefined'],
  'a draft with an empty type name': [(store) => store.publish({ ...note(), type: '' }), 'publish', 'type', '""'],
  'a draft whose type is neither a name nor a type': [
    (store) => store.publish({ ...note(), type: { name: 'Note' } }),
    'type',
  ],
  'a draft without a producer': [
    (store) => store.publish({ type: 'Note', payload: {} }),
    'publish artifact of type "Note"',
    'producedBy',
    'undefined',
  ],
  'a draft with a number as its producer': [(store) => store.publish({ ...note(), producedBy: 7 }), 'producedBy', '7'],
  'a draft with a field that does not exist': [(store) => store.publish({ ...note(), visiblity: 'x' }), '"visiblity"'],
  'a draft with a sequence of its own': [(store) => store.publish({ ...note(), sequence: 7 }), '"sequence"'],
  'a draft with a number as its correlation': [
    (store) => store.publish({ ...note(), correlationId: 7 }),
    'correlationId',
    '7',
  ],
  'a draft with a number as its partition': [
    (store) => store.publish({ ...note(), partitionKey: 7 }),
    'partitionKey',
    '7',
  ],
  'a draft with a number as its tags': [(store) => store.publish({ ...note(), tags: 7 }), 'tags', '7'],
  'a draft with null among its tags': [(store) => store.publish({ ...note(), tags: ['x', null] }), 'tags', 'null'],
  'a draft of version 0': [(store) => store.publish({ ...note(), version: 0 }), 'version', '0'],
  'a draft of version 1.5': [(store) => store.publish({ ...note(), version: 1.5 }), 'version', '1.5'],
  'a draft with a text as its version': [(store) => store.publish({ ...note(), version: '1' }), 'version', '"1"'],
  'publishMany without an array': [(store) => store.publishMany(note()), 'publish', 'array'],
  'publishMany without drafts': [(store) => store.publishMany(), 'publish', 'array', 'undefined'],
  'publishMany with a wrong draft among others': [
    (store) => store.publishMany([note(), { ...note(), producedBy: 7 }]),
    'draft 2 of 2',
    'producedBy',
    '7',
  ],
  'get without an id': [(store) => store.get(), 'get artifact', 'undefined'],
  'listByType without a type': [(store) => store.listByType(), 'list artifacts', 'undefined'],
  'listByType with an empty name': [(store) => store.listByType(''), 'list artifacts', '""'],
  'getByType with a name': [(store) => store.getByType('Note'), 'get artifacts by type', '"Note"'],
  'getByType with an option that does not exist': [
    (store) => store.getByType(anyType('T'), { strict: true }),
    '"strict"',
  ],
  'getByType with an unknown way to treat invalid rows': [
    (store) => store.getByType(anyType('T'), { invalid: 'ignore' }),
    'invalid',
    '"ignore"',
  ],
  'an agent snapshot without its fields': [
    (store) => store.upsertAgentSnapshot({ agentName: 'a' }),
    'agent snapshot',
    'description',
  ],
  'an agent snapshot with a text as its labels': [
    (store) => store.upsertAgentSnapshot({ ...agent('a'), labels: 'x' }),
    'agent snapshot',
    'labels',
    '"x"',
  ],
  'an agent snapshot with a field that does not exist': [
    (store) => store.upsertAgentSnapshot({ ...agent('a'), role: 'r' }),
    'agent snapshot',
    '"role"',
  ],
  'no agent snapshot': [(store) => store.upsertAgentSnapshot(null), 'agent snapshot', 'null'],
  'deleteBefore without an instant': [(store) => store.deleteBefore(), 'delete artifacts', 'before', 'undefined'],
  'call options that do not exist': [(store) => store.list({ limit: 3 }), 'list', '"limit"'],
  'call options that are no object': [(store) => store.get(idOf(1), 5), 'get', '5'],
  'call options that are a signal by itself': [
    (store) => store.get(idOf(1), new AbortController().signal),
    ...['get', 'options'],
  ],
  'a filter that is a set of ids': [
    (store) => store.queryArtifacts(new Set([idOf(1)])),
    ...['query artifacts', 'filter'],
  ],
  'a filter that nobody waited for': [
    (store) => store.summarizeArtifacts(Promise.resolve({ tags: 'x' })),
    ...['summarize artifacts', 'filter'],
  ],
  'page options that are a map': [
    (store) => store.queryArtifacts({}, new Map([['limit', 1]])),
    ...['query artifacts', 'page options'],
  ],
  'a signal that only listens': [
    (store) => store.getByType(anyType('T'), { signal: { aborted: false, addEventListener: () => undefined } }),
    ...['get artifacts by type', 'signal'],
  ],
  'close options that do not exist': [(store) => store.close({ force: true }), 'close', '"force"'],
  'a signal that is none': [(store) => store.publish(note(), { signal: 'stop' }), 'publish', 'signal', '"stop"'],
};

const wrongCalls = Object.entries(WRONG_CALLS).flatMap(([name, [call, ...words]]) =>
  casesOf(14, {
    [`refuses ${name}, quoting what is wrong`]: async (bench) => {
      const store: UntypedStore = await bench.open();
      await rejects(call(store), 'invalid-argument', ...words);
      equal(await store.list(), []);
    },
  }),
);

const WRONG_OPTIONS: Readonly<Record<string, { readonly options: unknown; readonly word: string }>> = {
  'an option that does not exist': { options: { clock: () => new Date() }, word: '"clock"' },
  'a clock that is no function': { options: { now: 5 }, word: 'now' },
  'a source of ids that is no function': { options: { newId: 'id' }, word: 'newId' },
  'types that are names': { options: { types: ['Note'] }, word: 'types' },
};

const opening = [
  ...Object.entries(WRONG_OPTIONS).flatMap(([name, { options, word }]) =>
    casesOf(14, {
      [`refuses to open with ${name}`]: async (bench) => {
        const untyped: { open(options: unknown): Promise<unknown> } = bench;
        await rejects(untyped.open(options), 'invalid-argument', word);
      },
    }),
  ),
  ...casesOf(14, {
    'refuses to open with two schemas under one name': async (bench) => {
      await rejects(
        bench.open({ types: [anyType('films.Movie'), movieType('films.Movie')] }),
        'conflict',
        '"films.Movie"',
      );
    },
    'refuses what a clock shows when it is no instant': async (bench) => {
      const untyped: { open(options: unknown): Promise<UntypedStore> } = bench;
      const store = await untyped.open({ now: () => 'now' });
      await rejects(store.publish(note()), 'invalid-argument', 'publish', 'now()', '"now"');
      equal(await store.list(), []);
    },
    'refuses what is to be stamped by a clock or a source of ids that throws': async (bench) => {
      const cause = new Error('no');
      const fail = () => {
        throw cause;
      };
      for (const [name, options] of Object.entries({ now: { now: fail }, newId: { newId: fail } })) {
        const store = await bench.open(options);
        const error = await rejects(store.publish(note()), 'invalid-argument', 'publish', `${name}()`);
        equal(error.cause === cause, true, 'whether the cause is kept');
        equal(await store.list(), []);
      }
    },
  }),
];

const form = casesOf(14, {
  'fails with children of BlackboardError that have a code and a name of their own': async (bench) => {
    const store: UntypedStore = await bench.open({ types: [anyType('a.T'), anyType('b.T')] });
    const errors = [
      await rejection(store.get('no')),
      await rejection(store.publish({ ...note(), payload: [] })),
      await rejection(store.listByType('T')),
      await rejection(store.listByType(anyType('a.T'))),
      await rejection(store.recordConsumptions([consumption(1)])),
    ];
    for (const error of errors) {
      const isChild = error instanceof BlackboardError && Object.getPrototypeOf(error) !== BlackboardError.prototype;
      equal(isChild, true, 'whether the error is of a child class');
    }
    equal(
      errors.map((error) => (error instanceof BlackboardError ? [error.code, error.name] : null)),
      [
        ['invalid-argument', 'InvalidArgumentError'],
        ['invalid-payload', 'InvalidPayloadError'],
        ['ambiguous-type', 'AmbiguousTypeError'],
        ['conflict', 'ConflictError'],
        ['not-found', 'NotFoundError'],
      ],
    );
  },
  'rejects instead of throwing': async (bench) => {
    const store: UntypedStore = await bench.open();
    const calls: readonly Call[] = [
      (it) => it.publish(),
      (it) => it.publishMany(),
      (it) => it.get(),
      (it) => it.list(1),
      (it) => it.listByType(),
      (it) => it.getByType(),
      (it) => it.recordConsumptions(),
      (it) => it.queryArtifacts(1),
      (it) => it.fetchGraphArtifacts(1),
      (it) => it.summarizeArtifacts(1),
      (it) => it.agentHistorySummary(),
      (it) => it.upsertAgentSnapshot(),
      (it) => it.loadAgentSnapshots(1),
      (it) => it.clearAgentSnapshots(1),
      (it) => it.deleteBefore(),
      (it) => it.vacuum(1),
      (it) => it.stats(1),
      (it) => it.flush(1),
      (it) => it.close(1),
    ];
    for (const call of calls) await rejects(call(store), 'invalid-argument');
  },
  'keeps what reading an argument throws as the cause': async (bench) => {
    const store = await bench.open();
    const cause = new Error('no more');
    const ids = {
      [Symbol.iterator]: () => {
        throw cause;
      },
    };
    const error = await rejects(store.queryArtifacts({ ids }), 'invalid-argument', 'query artifacts', 'filter');
    equal(error.cause === cause, true, 'whether the cause is kept');
  },
  'refuses objects that cannot be read, wherever they come': async (bench) => {
    const { proxy, revoke } = Proxy.revocable([], {});
    revoke();
    const trap = {
      get name() {
        throw new Error('no');
      },
    };
    const store: UntypedStore = await bench.open();
    const calls: readonly Call[] = [
      (it) => it.publish(proxy),
      (it) => it.publish({ ...note(), type: trap }),
      (it) => it.publish({ ...note(), visibility: Promise.resolve() }),
      (it) => it.publishMany(proxy),
      (it) => it.listByType(trap),
      (it) => it.getByType(trap),
      (it) => it.recordConsumptions(proxy),
      (it) => it.queryArtifacts(proxy),
      (it) => it.upsertAgentSnapshot(proxy),
      (it) => it.list(proxy),
    ];
    for (const call of calls) await rejects(call(store), 'invalid-argument');
    equal(await store.list(), []);
  },
  'shortens long values in messages': async (bench) => {
    const store = await bench.open();
    const error = await rejects(store.get('x'.repeat(100_000)), 'invalid-argument', '"xxx');
    equal(error.message.length < 1000, true, 'whether the message is short');
  },
  'names the first of several wrong drafts': async (bench) => {
    const store = await bench.open();
    const error = await rejects(
      store.publishMany([entry(1), entry(2, { payload: { a: '\ud800' } }), entry(3, { id: 'no' })]),
      'invalid-payload',
      'draft 2 of 3',
    );
    includes(error.message, 'payload.a');
  },
});

export const errorCases: readonly ContractCase[] = [...wrongCalls, ...opening, ...form];
