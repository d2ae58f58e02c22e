const NUMBER_OR_QUOTE = /"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;
/** Only such numbers can come out of JSON.parse as something else. */
const SUSPECT = /\d{16}|\d[eE]/;
const INTEGER = /^-?\d+$/;

/**
 * Parses JSON that must come out as it stands.
 *
 * @throws SyntaxError for what is not JSON, RangeError for a number that a double cannot hold
 */
export function parseExactJson(json: string): unknown {
  const value: unknown = JSON.parse(json);
  if (SUSPECT.test(json)) {
    for (const number of numbersOf(json)) {
      if (!isExact(number)) throw new RangeError(`the number ${number} is too large to read exactly`);
    }
  }
  return value;
}

function* numbersOf(json: string): Generator<string> {
  const tokens = new RegExp(NUMBER_OR_QUOTE);
  for (let match = tokens.exec(json); match !== null; match = tokens.exec(json)) {
    if (match[0] === '"') tokens.lastIndex = endOfString(json, match.index);
    else yield match[0];
  }
}

/** By hand: an expression that matches a string of megabytes overflows the stack. */
function endOfString(json: string, start: number): number {
  let quote = json.indexOf('"', start + 1);
  while (isEscaped(json, quote)) quote = json.indexOf('"', quote + 1);
  return quote + 1;
}

function isEscaped(json: string, index: number): boolean {
  let first = index;
  while (json[first - 1] === '\\') first--;
  return (index - first) % 2 === 1;
}

/** Also true for digits that JSON.stringify itself would write: it ends in zeros where a double cannot tell. */
function isExact(number: string): boolean {
  const value = Number(number);
  if (!Number.isFinite(value)) return false;
  return !INTEGER.test(number) || String(value) === number || BigInt(value) === BigInt(number);
}
