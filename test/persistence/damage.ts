import { BlackboardError } from '../../src/core/errors.ts';

/** The same bytes with one bit turned. */
export function flip(bytes: Uint8Array, bit: number): Uint8Array {
  const flipped = bytes.slice();
  flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
  return flipped;
}

/** What an action throws; undefined when it throws nothing. */
export function thrownBy(action: () => unknown): unknown {
  try {
    action();
  } catch (error) {
    return error;
  }
  return undefined;
}

/** The code of the error that an action throws; undefined when it throws none of ours. */
export function codeOf(action: () => unknown): string | undefined {
  const error = thrownBy(action);
  return error instanceof BlackboardError ? error.code : undefined;
}
