import * as fc from 'fast-check';

/** Few ids, so that sequences meet the same artifact again; with letters, so that case matters. */
export function idOf(n: number): string {
  return `abcdef00-0000-4000-8000-0000000000${n.toString(16).padStart(2, '0')}`;
}

export const MORNING = Date.UTC(2025, 0, 1, 9);

const HOSTILE = [
  ...['', ' ', '__proto__', 'constructor', '%', '_', "it's", '"q"', 'a\\b', '; DROP TABLE artifacts; --', 'null', '0'],
  ...['nul\u0000inside', '\u0000', 'line\nbreak\u2028', '\ufeffmark', 'é', 'e\u0301', 'İ', '\uff5e', '\u{1d11e}', '👩‍👩‍👧'],
  ...['|', ',', '[]', 'A', 'aa', 'x'.repeat(300)],
];
const LONE = ['\ud800', 'x\udc00'];

const often = <T>(weight: number, arbitrary: fc.Arbitrary<T>) => ({ weight, arbitrary });

export const texts = fc.oneof(
  often(600, fc.constantFrom('a', 'b', 'c')),
  often(250, fc.constantFrom(...HOSTILE)),
  often(50, fc.string({ unit: 'binary', maxLength: 5 })),
  often(5, fc.constantFrom(...LONE)),
);

export const ids = fc.oneof(
  often(200, fc.nat(4).map(idOf)),
  often(
    20,
    fc.nat(4).map((n) => idOf(n).toUpperCase()),
  ),
  often(1, fc.constantFrom('', 'no id', `${idOf(1)} `, 7, null)),
);

export const instants = fc.oneof(
  often(
    200,
    fc.nat(4).map((ms) => new Date(MORNING + ms)),
  ),
  often(
    15,
    fc.integer({ min: -60_000_000_000_000, max: 250_000_000_000_000 }).map((ms) => new Date(ms)),
  ),
  often(10, fc.constantFrom(new Date('0001-01-01T00:00:00Z'), new Date('9999-12-31T23:59:59.999Z'), new Date(-1))),
  often(1, fc.constantFrom(new Date(Number.NaN), new Date(8e15), '2025-01-01', null)),
);

/** Milliseconds after each other, mostly: a clock that stands, jumps, and is set back. */
export const times = fc
  .array(fc.constantFrom(0, 0, 0, 1, 1, 2, 1000, -3, 90_000_000), { minLength: 1, maxLength: 20 })
  .map((steps) => {
    let now = MORNING;
    return steps.map((step) => (now += step));
  });

const keys = fc.oneof(often(5, fc.constantFrom('a', 'b', 'title')), often(1, texts));

const wholes = fc.dictionary(keys, fc.jsonValue({ maxDepth: 3 }), { maxKeys: 4, noNullPrototype: false });

export const payloads = fc.oneof(
  often(
    60,
    fc.constantFrom('M', 'N', 'Metropolis').map((title) => ({ title })),
  ),
  often(
    30,
    wholes.map((whole) => ({ ...whole, title: 'M' })),
  ),
  often(4, fc.constantFrom({}, { title: '' }, { title: 7 })),
  often(4, wholes),
  often(
    2,
    fc
      .constantFrom(Number.NaN, -0, 10n, new Date(0), undefined, '\ud800', [undefined])
      .map((a) => ({ title: 'M', a: [a] })),
  ),
  often(1, fc.anything({ maxDepth: 2, withDate: true, withMap: true, withBigInt: true, withSparseArray: true })),
);

const someTexts = fc.array(texts, { minLength: 1, maxLength: 2 });
const delays = fc.constantFrom('PT1S', 'P1Y2M3DT4H5M6.7S', 'P2W');

export const visibilities = fc.oneof(
  often(20, fc.constant({ kind: 'Public' })),
  often(15, fc.record({ kind: fc.constant('Private'), agents: someTexts })),
  often(10, fc.record({ kind: fc.constant('Labelled'), requiredLabels: someTexts })),
  often(10, fc.record({ kind: fc.constant('Tenant'), tenantId: fc.constantFrom('t', '\u0000', '__proto__') })),
  often(
    10,
    fc.record({
      kind: fc.constant('After'),
      ttl: delays,
      then: fc.constantFrom(null, { kind: 'Public' }, { kind: 'After', ttl: 'PT2S', then: null }),
    }),
  ),
  often(
    2,
    fc.constantFrom(
      ...[null, 'Public', {}, { kind: 'public' }, { kind: 'Public', extra: 1 }, { kind: 'Private', agents: [] }],
      ...[
        { kind: 'After', ttl: 'PT0S', then: null },
        { kind: 'After', ttl: 'PT1S', then: { kind: 'Nobody' } },
      ],
    ),
  ),
);

export const kinds = fc.oneof(
  often(60, fc.constantFrom('Public', 'Private', 'Labelled', 'Tenant', 'After')),
  often(1, fc.constantFrom('Secret', '', 7)),
);

/** One value, an array, or a Set, as set-like fields take them. */
export function setOf<T>(items: fc.Arbitrary<T>): fc.Arbitrary<unknown> {
  return fc.oneof(
    often(3, items),
    often(6, fc.array(items, { maxLength: 4 })),
    often(
      1,
      fc.uniqueArray(items, { maxLength: 3 }).map((values) => new Set(values)),
    ),
  );
}
