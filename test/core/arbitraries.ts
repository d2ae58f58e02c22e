import fc from 'fast-check';

/** Where UTF-8 and UTF-16 change the length of their forms, and so where their orders part. */
const BORDERS = [0x00, 0x41, 0x7f, 0x80, 0x7ff, 0x800, 0xd7ff, 0xe000, 0xff5e, 0xffff, 0x10000, 0x1d11e, 0x10ffff];

/** Strings without lone surrogates, crowded around the borders, so that long common beginnings are frequent. */
export const wellFormedText = fc.oneof(
  fc.array(fc.constantFrom(...BORDERS), { maxLength: 6 }).map((points) => String.fromCodePoint(...points)),
  fc.string({ unit: 'binary' }),
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
