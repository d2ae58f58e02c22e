import { InvalidPayloadError } from '../core/errors.ts';
import { equal, includes, rejects } from './assert.ts';
import { casesOf, type ContractCase } from './contract-case.ts';
import { entry, HOSTILE_TEXTS, idOf, note } from './samples.ts';
import type { UntypedStore } from './untyped-store.ts';

class Point {
  readonly x = 1;
}

const boxed: unknown = Object(1);
const heir: unknown = Object.create({ inherited: 1 });

function makeCycle(): unknown {
  const cycle: unknown[] = [];
  cycle.push({ back: cycle });
  return cycle;
}

const WRONG_VALUES: Readonly<Record<string, unknown>> = {
  NaN: Number.NaN,
  Infinity: Number.POSITIVE_INFINITY,
  'minus Infinity': Number.NEGATIVE_INFINITY,
  'minus zero': -0,
  'a bigint': 10n,
  'a Date': new Date(0),
  'a Map': new Map([['a', 1]]),
  'a Set': new Set([1]),
  'a RegExp': /a/,
  'a Promise': Promise.resolve(1),
  'an Error': new Error('no'),
  bytes: new Uint8Array(2),
  'a boxed number': boxed,
  'a function': () => 1,
  'a symbol': Symbol('s'),
  'an object with a symbol as a key': { [Symbol('s')]: 1 },
  'a cycle': makeCycle(),
  'an array with a hole': Object.assign(new Array<unknown>(3), { 0: 1, 2: 3 }),
  'undefined in an array': [undefined],
  'an array with a named property': Object.assign(['a'], { name: 'extra' }),
  'an instance of a class': new Point(),
  'an object that inherits from an object with properties': heir,
  'a text with a lone surrogate': 'x\ud800y',
  'a key with a lone surrogate': { '\udc00': 1 },
  'an object with a method toJSON': { toJSON: () => 'text' },
};

const wrongValues = Object.entries(WRONG_VALUES).flatMap(([name, value]) =>
  casesOf(5, {
    [`refuses ${name} in a payload, and says where`]: async (bench) => {
      const store: UntypedStore = await bench.open();
      const payload = { fine: 1, list: [{ deep: value }] };
      const error = await rejects(store.publish({ ...note(), payload }), 'invalid-payload', 'publish', 'list[0].deep');
      const [issue] = error instanceof InvalidPayloadError ? error.issues : [];
      includes(issue?.path ?? 'no path', 'list[0].deep');
      equal(await store.list(), []);
    },
  }),
);

const WRONG_PAYLOADS: Readonly<Record<string, unknown>> = {
  undefined: undefined,
  null: null,
  'a text': 'text',
  'a number': 1,
  'an array': [],
  'a Date': new Date(0),
  'an instance of a class': new Point(),
  'a Promise': Promise.resolve({}),
};

const wrongPayloads = Object.entries(WRONG_PAYLOADS).flatMap(([name, payload]) =>
  casesOf(5, {
    [`refuses ${name} as a payload`]: async (bench) => {
      const store: UntypedStore = await bench.open();
      await rejects(store.publish({ ...note(), payload }), 'invalid-payload', 'publish', '"payload"');
      equal(await store.list(), []);
    },
  }),
);

/** The payload as the board gives it back. */
async function stored(store: UntypedStore, payload: unknown): Promise<unknown> {
  await store.publish({ ...entry(1), payload });
  const artifact = await store.get(idOf(1));
  return typeof artifact === 'object' && artifact !== null && 'payload' in artifact ? artifact.payload : undefined;
}

function nested(levels: number): unknown {
  let value: unknown = {};
  for (let level = 1; level < levels; level++) value = { in: value };
  return value;
}

/** An object with one property of its own, and this prototype. */
function heirOf(prototype: object | null): object {
  const heir = { a: 1 };
  Reflect.setPrototypeOf(heir, prototype);
  return heir;
}

const values = casesOf(5, {
  'keeps everything that JSON has': async (bench) => {
    const store = await bench.open();
    const payload = { text: 'a', number: 1.5, yes: true, no: false, nothing: null, list: [[], {}, [null]], object: {} };
    equal(await stored(store, payload), payload);
  },
  'keeps an empty payload': async (bench) => {
    equal(await stored(await bench.open(), {}), {});
  },
  'keeps numbers exactly': async (bench) => {
    const store = await bench.open();
    const payload = {
      list: [0, 0.1, 1e21, -1e-7, 5e-324, Number.MAX_VALUE, Number.MAX_SAFE_INTEGER, 2 ** 53 + 2, 4.35, 1 / 3],
    };
    equal(await stored(store, payload), payload);
  },
  'drops properties that are undefined': async (bench) => {
    const store = await bench.open();
    equal(await stored(store, { a: undefined, b: { c: undefined, d: null } }), { b: { d: null } });
  },
  'takes __proto__ and other names of Object.prototype as ordinary keys': async (bench) => {
    const store = await bench.open();
    const text = '{"__proto__":{"admin":true},"constructor":1,"toString":"t","nested":{"__proto__":null}}';
    const payload: unknown = await stored(store, JSON.parse(text));
    equal(JSON.stringify(payload), text);
    equal(Object.getOwnPropertyDescriptor(payload, '__proto__')?.value, { admin: true });
    equal(typeof payload === 'object' && payload !== null && 'admin' in payload, false, 'whether a prototype was set');
  },
  'takes objects without a prototype': async (bench) => {
    const store = await bench.open();
    const bare = heirOf(null);
    equal(await stored(store, { bare }), { bare: { a: 1 } });
    equal(await stored(store, bare), { a: 1 });
  },
  'takes objects of another realm: their prototype has none itself': async (bench) => {
    const store = await bench.open();
    const foreign = heirOf(heirOf(null));
    equal(await stored(store, { foreign }), { foreign: { a: 1 } });
    equal(await stored(store, foreign), { a: 1 });
  },
  'takes the same object twice where it is no cycle': async (bench) => {
    const store = await bench.open();
    const shared = { a: [1] };
    equal(await stored(store, { first: shared, second: [shared, shared] }), {
      first: { a: [1] },
      second: [{ a: [1] }, { a: [1] }],
    });
  },
  'leaves out what is not enumerable': async (bench) => {
    const store = await bench.open();
    const payload = Object.defineProperty({ a: 1 }, 'hidden', { value: 2, enumerable: false });
    equal(await stored(store, payload), { a: 1 });
  },
  'keeps the order of keys': async (bench) => {
    const store = await bench.open();
    equal(JSON.stringify(await stored(store, { b: 1, a: { d: 1, c: 2 } })), '{"b":1,"a":{"d":1,"c":2}}');
  },
  'takes payloads of 512 levels, and refuses deeper ones': async (bench) => {
    const store: UntypedStore = await bench.open();
    equal(await stored(store, nested(512)), nested(512));
    await rejects(store.publish({ ...note(), payload: nested(514) }), 'invalid-payload', '512');
  },
  'refuses a payload that fails while it is read, with the cause': async (bench) => {
    const store: UntypedStore = await bench.open();
    const cause = new Error('no');
    const payload = Object.defineProperty({}, 'a', {
      enumerable: true,
      get: () => {
        throw cause;
      },
    });
    const error = await rejects(store.publish({ ...note(), payload }), 'invalid-payload', 'publish');
    equal(error.cause === cause, true, 'whether the cause is kept');
  },
});

const texts = casesOf(5, {
  'keeps hostile texts and keys unchanged': async (bench) => {
    const store = await bench.open();
    const payload = { list: HOSTILE_TEXTS, keys: Object.fromEntries(HOSTILE_TEXTS.map((text) => [text, text])) };
    equal(await stored(store, payload), payload);
  },
  'keeps a text of 10 MB unchanged': async (bench) => {
    const store = await bench.open();
    const text = 'ten MB, é𝄞\u0000 '.repeat(1_000_000).slice(0, 10 * 1024 * 1024);
    const payload = await stored(store, { text });
    equal(typeof payload === 'object' && payload !== null && 'text' in payload && payload.text === text, true);
  },
});

export const payloadCases: readonly ContractCase[] = [...wrongValues, ...wrongPayloads, ...values, ...texts];
