import { uuidFrom } from '../../src/core/uuid.ts';
import type { BlackboardStore } from '../../src/core/store.ts';

/** How often an operation of each kind comes, counted from 1: the rest publish one artifact. */
const GROUP_EVERY = 7;
const CONSUMPTION_EVERY = 5;
const GROUP_SIZE = 3;

/** What operation `n` writes: artifacts by their keys, and consumptions of the artifact of an earlier operation. */
export function effectOf(n: number): { readonly artifacts: readonly string[]; readonly consumptions: number } {
  if (n % GROUP_EVERY === 0) {
    return { artifacts: Array.from({ length: GROUP_SIZE }, (_, i) => `${String(n)}.${String(i)}`), consumptions: 0 };
  }
  if (n % CONSUMPTION_EVERY === 0) return { artifacts: [], consumptions: 1 };
  return { artifacts: [`${String(n)}.0`], consumptions: 0 };
}

const PADDING = 'x'.repeat(1500);

/** Carries out operation `n`. Nothing in it depends on when it runs, or how often it was tried. */
export async function carryOut(n: number, store: BlackboardStore): Promise<void> {
  const { artifacts } = effectOf(n);
  if (artifacts.length === 0) {
    // The first artifact of the board is always there by then.
    await store.recordConsumptions([
      { artifactId: uuidFrom('1.0'), consumer: `reader ${String(n)}`, consumedAt: new Date(n) },
    ]);
    return;
  }
  await store.publishMany(
    artifacts.map((key) => ({
      id: uuidFrom(key),
      type: 'test.Entry',
      payload: { key, padding: PADDING },
      producedBy: 'writer',
      createdAt: new Date(n),
    })),
  );
}

/** A board as the next process finds it. */
export interface Found {
  readonly keys: readonly string[];
  readonly consumptions: number;
  readonly sequence: number;
  readonly epoch: string;
}

export async function look(store: BlackboardStore): Promise<Found> {
  const { consumptions, sequence, epoch } = await store.stats();
  return {
    keys: (await store.list()).map(({ payload }) => (typeof payload['key'] === 'string' ? payload['key'] : '')),
    consumptions,
    sequence,
    epoch,
  };
}

/**
 * How many operations a board has had: the first so many, each of them whole and once.
 *
 * @throws Error when it is any other board
 */
export function operationsIn(found: Found): number {
  const keys: string[] = [];
  let [consumptions, n] = [0, 0];
  while (keys.length + consumptions < found.sequence) {
    const effect = effectOf(++n);
    keys.push(...effect.artifacts);
    consumptions += effect.consumptions;
  }
  const expected = JSON.stringify({ keys: keys.sort(), consumptions, sequence: keys.length + consumptions });
  const { sequence } = found;
  const actual = JSON.stringify({ keys: [...found.keys].sort(), consumptions: found.consumptions, sequence });
  if (actual !== expected) throw new Error(`The board is that of no prefix of the operations: ${actual}`);
  return n;
}
