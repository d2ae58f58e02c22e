import { BlackboardError, type BlackboardErrorCode } from '../core/errors.ts';
import { isDate, show } from './show.ts';

/** What a case rejects with when a store breaks the contract. */
export class ContractFailure extends Error {
  override readonly name = 'ContractFailure';
}

/**
 * Compares by content: Dates by their instant, -0 apart from 0, prototypes not at all.
 *
 * @throws ContractFailure with the first difference, and with both values whole
 */
export function equal(actual: unknown, expected: unknown, what = 'the answer'): void {
  const path = findDifference(actual, expected, '');
  if (path === null) return;
  const place = path === '' ? '' : `, different at ${path}`;
  throw new ContractFailure(`Expected ${what} to be ${show(expected)}, got ${show(actual)}${place}`);
}

/** The path of the first difference; null when there is none. */
function findDifference(actual: unknown, expected: unknown, path: string): string | null {
  if (Object.is(actual, expected)) return null;
  if (typeof actual !== 'object' || typeof expected !== 'object' || actual === null || expected === null) return path;
  if (isDate(actual) || isDate(expected)) {
    return isDate(actual) && isDate(expected) && Object.is(actual.getTime(), expected.getTime()) ? null : path;
  }
  if (Array.isArray(actual) !== Array.isArray(expected)) return path;
  const keys = new Set([...Object.keys(actual), ...Object.keys(expected)]);
  for (const key of keys) {
    const place = `${path}[${show(key)}]`;
    if (!Object.hasOwn(actual, key) || !Object.hasOwn(expected, key)) return place;
    const found = findDifference(Reflect.get(actual, key), Reflect.get(expected, key), place);
    if (found !== null) return found;
  }
  return null;
}

/** @throws ContractFailure when the text lacks one of the words */
export function includes(text: string, ...words: readonly string[]): void {
  for (const word of words) {
    if (!text.includes(word)) throw new ContractFailure(`Expected a text with ${show(word)}, got ${show(text)}`);
  }
}

/** What a call rejects with. @throws ContractFailure when it resolves */
export async function rejection(call: Promise<unknown>): Promise<unknown> {
  let value: unknown;
  try {
    value = await call;
  } catch (error) {
    return error;
  }
  throw new ContractFailure(`Expected a rejection, got ${show(value)}`);
}

/** @throws ContractFailure unless the call rejects with a BlackboardError of this code, whose message has all of the words */
export async function rejects(
  call: Promise<unknown>,
  code: BlackboardErrorCode,
  ...words: readonly string[]
): Promise<BlackboardError> {
  const error = await rejection(call);
  if (!(error instanceof BlackboardError)) {
    throw new ContractFailure(`Expected a BlackboardError with code ${show(code)}, got ${show(error)}`);
  }
  equal(error.code, code, `the code of ${show(error)}`);
  includes(error.message, ...words);
  return error;
}
