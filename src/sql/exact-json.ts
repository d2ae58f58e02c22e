/** Strings, which are passed over, and numbers. */
const TOKENS = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;
/** Only such numbers can come out of JSON.parse as something else. */
const SUSPECT = /\d{16}|\d[eE]/;
const INTEGER = /^-?\d+$/;

/**
 * Parses JSON that must come out as it stands.
 *
 * @throws SyntaxError for what is not JSON, RangeError for a number that a double cannot hold
 */
export function parseExactJson(text: string): unknown {
  const value: unknown = JSON.parse(text);
  if (SUSPECT.test(text)) {
    for (const [token] of text.matchAll(TOKENS)) {
      if (!token.startsWith('"') && !isExact(token))
        throw new RangeError(`the number ${token} is too large to read exactly`);
    }
  }
  return value;
}

function isExact(token: string): boolean {
  const value = Number(token);
  if (!Number.isFinite(value)) return false;
  return !INTEGER.test(token) || BigInt(value) === BigInt(token);
}
