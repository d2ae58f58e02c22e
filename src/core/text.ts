const SURROGATE = /[\ud800-\udfff]/;
const LONE_SURROGATE = /\p{Surrogate}/u;

/** False for strings that hold a lone surrogate: they have no UTF-8 form, so no medium could keep them. */
export function isWellFormed(text: string & { isWellFormed?(): boolean }): boolean {
  // Engines that have the method know of most texts without a look that they hold no surrogate.
  return text.isWellFormed?.() ?? !LONE_SURROGATE.test(text);
}

export function isText(value: unknown): value is string {
  return typeof value === 'string' && isWellFormed(value);
}

/**
 * Orders strings by Unicode code point, which is the order of their UTF-8 bytes and so SQLite's own.
 * JavaScript's `<` compares UTF-16 units and puts U+1D11E before U+FF5E.
 */
export function compareText(a: string, b: string): number {
  if (a === b) return 0;
  if (!SURROGATE.test(a) && !SURROGATE.test(b)) return a < b ? -1 : 1;
  const shorter = Math.min(a.length, b.length);
  let i = 0;
  while (a.charCodeAt(i) === b.charCodeAt(i)) i++;
  if (i === shorter) return a.length - b.length;
  return codePointRank(a.charCodeAt(i)) - codePointRank(b.charCodeAt(i));
}

/** Moves surrogate units above all others, where the code points they stand for belong. */
function codePointRank(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit;
}

/** Distinct strings in code point order. */
export function sortedSet<T extends string>(texts: Iterable<T>): T[] {
  return [...new Set(texts)].sort(compareText);
}

/** What kind of object a value is, such as `[object Promise]`. */
export function tagOf(value: unknown): string {
  return Object.prototype.toString.call(value);
}

/**
 * True for objects that say something by their properties: no arrays, and no promises, maps or dates, which have none.
 *
 * @throws what a proxy throws
 */
export function isRecord(value: unknown): value is object {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  return tagOf(value) === '[object Object]' || Object.keys(value).length > 0;
}

const QUOTED_LENGTH = 80;
const NOT_SHOWN = 'an object that cannot be shown';

/** A value as error messages show it: quoted if text, short, and never throwing. */
export function quote(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(shorten(value));
  if (typeof value === 'bigint') return `${shorten(value.toString())}n`;
  if (typeof value === 'function') return 'a function';
  if (Object.is(value, -0)) return '-0';
  if (typeof value !== 'object' || value === null) return String(value);
  try {
    if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'an invalid Date' : `Date ${value.toISOString()}`;
    const tag = tagOf(value);
    return /\b(Object|Array|Date)\]/.test(tag) ? shorten(JSON.stringify(value)) : tag;
  } catch {
    // Cycles, getters that throw, revoked proxies, objects that JSON leaves out.
    return NOT_SHOWN;
  }
}

function shorten(text: string): string {
  return text.length > QUOTED_LENGTH ? `${text.slice(0, QUOTED_LENGTH)}… (${text.length} characters)` : text;
}
