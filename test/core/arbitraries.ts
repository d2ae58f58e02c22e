import fc from 'fast-check';

/** Where UTF-8 and UTF-16 change the length of their forms, and so where their orders part. */
const BORDERS = [0x00, 0x41, 0x7f, 0x80, 0x7ff, 0x800, 0xd7ff, 0xe000, 0xff5e, 0xffff, 0x10000, 0x1d11e, 0x10ffff];

/** All but surrogates, the short ones in UTF-8 as often as the long ones. */
const codePoint = fc.oneof(
  fc.integer({ min: 0, max: 0x7f }),
  fc.integer({ min: 0x80, max: 0xd7ff }),
  fc.integer({ min: 0xe000, max: 0x10ffff }),
);

function textOf(point: fc.Arbitrary<number>, constraints?: fc.ArrayConstraints): fc.Arbitrary<string> {
  return fc.array(point, constraints).map((points) => String.fromCodePoint(...points));
}

/**
 * Strings without lone surrogates, crowded around the borders, so that long common beginnings are frequent. Not by a
 * `unit` of fc.string: it makes a table of all code points first, and takes seconds.
 */
export const wellFormedText = fc.oneof(
  textOf(fc.constantFrom(...BORDERS), { maxLength: 6 }),
  textOf(codePoint),
  fc.string(),
);

/** Strings of any UTF-16 units, lone surrogates included. */
export const anyText = fc
  .array(fc.constantFrom(0x41, 0xd7ff, 0xd800, 0xd83d, 0xdbff, 0xdc00, 0xde00, 0xdfff, 0xe000, 0xffff), {
    maxLength: 6,
  })
  .map((units) => String.fromCharCode(...units));

/** 0001-01-01T00:00:00.000Z and 9999-12-31T23:59:59.999Z. */
export const FIRST = Date.parse('0001-01-01T00:00:00.000Z');
export const LAST = Date.parse('9999-12-31T23:59:59.999Z');

/** Milliseconds of every instant that a board can hold. */
export const instantMs = fc.oneof(
  fc.integer({ min: FIRST, max: LAST }),
  fc.integer({ min: -2000, max: 2000 }),
  fc.constantFrom(FIRST, LAST, 0, -1, 1),
);
