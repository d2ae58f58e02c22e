import { bytesOf, History } from '../../src/contract/medium-samples.ts';
import type { OpenMedium, Snapshot, StoredBoard } from '../../src/persistence/medium.ts';

/** What was given to a medium, all of it as durable as can be, and what of it was accepted. */
export class Ledger {
  readonly #history: History;
  readonly #records = new Map<number, Uint8Array>();
  readonly #snapshots: Snapshot[] = [];
  #accepted = 0;
  #isSaved = false;

  constructor(history = new History()) {
    this.#history = history;
  }

  /** Gives the next record, as a store does it: when the call fails, it reads what is there before it tries again. */
  async append(medium: OpenMedium): Promise<void> {
    const record = this.#history.record(30);
    const number = this.#history.number;
    this.#records.set(number, record);
    await insist(async () => {
      const isAppended = await medium.append(number, record, 'strict');
      if (!isAppended && !isSame((await medium.recordsFrom(number))?.[0], record))
        throw new Error('Somebody was first');
      this.#accepted = number;
    });
  }

  /** Gives a snapshot that holds all records so far. */
  async save(medium: OpenMedium): Promise<void> {
    const snapshot = this.#history.snapshot(bytesOf(200, this.#history.number));
    this.#snapshots.push(snapshot);
    await insist(async () => {
      if (!(await medium.save(snapshot))) throw new Error('Somebody was first');
      this.#isSaved = true;
    });
  }

  /** What is wrong with a board that is to hold everything accepted, and nothing that was not given; null when nothing is. */
  problemOf(board: StoredBoard | null): string | null {
    if (board === null) return this.#isSaved ? 'the board is gone' : null;
    const snapshot = this.#snapshots.findLast(({ bytes }) => isSame(board.bytes, bytes));
    if (snapshot === undefined) return 'the snapshot is none that was saved';
    if (board.mark === null) return this.#isSaved ? 'the mark is gone' : null;
    if (JSON.stringify(board.mark) !== JSON.stringify(snapshot.mark)) return 'the mark is of another snapshot';
    const last = board.mark.number + board.records.length;
    if (last < this.#accepted) return `record ${this.#accepted} is gone, the last one is ${last}`;
    const isOther = (record: Uint8Array, i: number) => !isSame(this.#records.get(snapshot.mark.number + 1 + i), record);
    return board.records.some(isOther) ? 'a record is another one' : null;
  }
}

/** Tries again what failed, a few times. */
async function insist(work: () => Promise<void>, times = 3): Promise<void> {
  await work().catch((error: unknown) => {
    if (times === 1) throw error;
    return insist(work, times - 1);
  });
}

function isSame(one: Uint8Array | undefined, other: Uint8Array): boolean {
  return one !== undefined && Buffer.compare(one, other) === 0;
}
