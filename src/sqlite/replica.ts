import { StorageLostError } from '../core/errors.ts';
import type { Fact } from '../core/fact.ts';
import { uuidAt } from '../core/uuid.ts';
import { firstPosition, type BoardLog, type Entry, type Position } from '../persistence/board-log.ts';
import type { Durability, WorkOptions } from '../persistence/medium.ts';
import { applyEntry, type BuildBoard, type BuiltBoard } from './build-board.ts';
import { encodeRecord, type RecordNotes } from './log-record.ts';
import type { SqliteBoard } from './sqlite-board.ts';

/** A record before it is appended. */
export interface RecordDraft {
  /** Each from `encodeFacts`. */
  readonly facts: readonly Uint8Array[];
  /** The board's sequence after it. */
  readonly sequence: number;
  readonly notes: RecordNotes;
}

/**
 * What came of a record: it is on the medium, and may be applied; somebody else got in first; or the board has been read again
 * from the medium, and the calls that the record has receipts for have ended there.
 */
export type Appended = 'accepted' | 'overtaken' | 'known';

/** A snapshot in the making: the board as it was at a position. */
export interface Capture {
  readonly bytes: Uint8Array;
  readonly at: Position;
}

/**
 * The board in memory, as far as this store has read the log: a cache that can be built again from the medium. Nothing is
 * applied to it that is not in the log. Calls do not overlap, but for {@link Replica.save}.
 */
export class Replica {
  readonly #log: BoardLog;
  readonly #durability: Durability;
  readonly #build: BuildBoard;
  readonly #uncertainEpoch: string | null;
  #built: BuiltBoard;
  /** Whether the log may hold what is not applied yet. */
  #isBehind = false;
  /** Whether the board in memory is not what the log says, and has to be built again. */
  #isBroken = false;
  #saving: Promise<unknown> = Promise.resolve();

  constructor(parts: {
    readonly log: BoardLog;
    readonly durability: Durability;
    readonly built: BuiltBoard;
    readonly build: BuildBoard;
    /** The epoch of the board when records of it may have been lost that somebody has seen; null when none were. */
    readonly uncertainEpoch: string | null;
  }) {
    this.#log = parts.log;
    this.#durability = parts.durability;
    this.#built = parts.built;
    this.#build = parts.build;
    this.#uncertainEpoch = parts.uncertainEpoch;
  }

  get built(): BuiltBoard {
    return this.#built;
  }

  get board(): SqliteBoard {
    return this.#built.board;
  }

  /** Whether the board holds what is in no record and in no snapshot: a migration, or the board itself, which is new. */
  get isUnsaved(): boolean {
    return this.#built.isUnsaved;
  }

  /**
   * Whether the next record has to begin an epoch: its sequences may have been given before, to what was lost. Whoever writes
   * first does so for all who found the board like that.
   */
  get isEpochOver(): boolean {
    return this.board.epoch === this.#uncertainEpoch;
  }

  get log(): Pick<BoardLog, 'size' | 'isLong'> {
    return this.#log;
  }

  /**
   * Makes ready for a record: the snapshot that it follows is saved, and all that is known to be there is applied. Returns
   * whether there was anything.
   */
  async prepare(): Promise<boolean> {
    const hasMoved = await this.mend();
    if (this.isUnsaved) await this.save(this.capture());
    return (this.#isBehind && (await this.catchUp())) || hasMoved;
  }

  /** Builds the board again where it is not what the log says. Returns whether it had to. */
  async mend(work: WorkOptions = {}): Promise<boolean> {
    return this.#isBroken && this.catchUp(work);
  }

  /** Applies what others have appended. Returns whether there was anything. */
  async catchUp(work: WorkOptions = {}): Promise<boolean> {
    const { position } = this.#log;
    this.#isBehind = true;
    const entries = this.#isBroken ? null : await this.#log.catchUp();
    if (entries === null) await this.#reload(work);
    else this.#applyAll(entries);
    this.#isBehind = false;
    return this.#log.position !== position;
  }

  /**
   * Appends a record.
   *
   * @throws BlackboardError when it is not on the medium, as far as can be found out now
   */
  async append({ facts, sequence, notes }: RecordDraft): Promise<Appended> {
    const payload = encodeRecord(facts, notes);
    try {
      const isAccepted = await this.#log.append(payload, sequence, this.#durability);
      this.#isBehind = !isAccepted;
      return isAccepted ? 'accepted' : 'overtaken';
    } catch (error) {
      this.#isBehind = true;
      const appended = await this.#settle(payload, sequence, notes).catch(() => {
        // It is read again before the next record; who waits for this one learns first what went wrong.
        throw error;
      });
      if (appended === null) throw error;
      return appended;
    }
  }

  /** Begins an epoch with a record of its own. */
  async beginEpoch(): Promise<void> {
    await this.prepare();
    const notes = { epoch: uuidAt(Date.now(), 0) };
    const appended = await this.append({ facts: [], sequence: this.board.sequence, notes });
    await (appended === 'accepted' ? this.apply([], notes) : this.catchUp());
  }

  /** Applies facts of the last record. False when that failed, and the board was built again with all of the record. */
  async apply(facts: readonly Fact[], notes?: RecordNotes): Promise<boolean> {
    try {
      this.board.apply(facts, notes);
      return true;
    } catch {
      // The engine is out of memory, say. What is accepted is on the medium, and read from there.
      this.#isBroken = true;
      await this.catchUp();
      return false;
    }
  }

  /**
   * Takes the board as it is now; {@link Replica.save} writes it while calls go on.
   *
   * @throws StorageLostError when the board is not what the log says: a snapshot of it would drop what it lacks
   */
  capture(): Capture {
    if (this.#isBroken) {
      throw new StorageLostError(
        'Cannot save the board: it could not be read again, and may lack what is on the medium',
      );
    }
    const at = this.#log.position ?? firstPosition(this.board.epoch, this.board.sequence);
    return { bytes: this.#built.driver.exportBytes(), at };
  }

  /** True when this snapshot is saved; false when somebody else got in first. */
  save({ bytes, at }: Capture, work: WorkOptions = {}): Promise<boolean> {
    const saving = this.#saving.then(async () => {
      const isSaved = await this.#log.save(bytes, at, work);
      if (isSaved) this.#built = { ...this.#built, isUnsaved: false };
      // The board that somebody else began is the one to go on with.
      else if (this.isUnsaved) this.#isBehind = true;
      return isSaved;
    });
    this.#saving = saving.catch(() => {
      // Whoever asked for it is told. The next save does not depend on it.
    });
    return saving;
  }

  close(): void {
    this.#built.driver.close();
  }

  /** What came of a record whose append threw; null when nothing did. */
  async #settle(payload: Uint8Array, sequence: number, { receipts = [] }: RecordNotes): Promise<Appended | null> {
    const isAccepted = await this.#log.settle(payload, sequence, this.#durability);
    if (isAccepted !== null) return isAccepted ? 'accepted' : null;
    await this.catchUp();
    return receipts.length > 0 && receipts.every((receipt) => this.board.isOver(receipt)) ? 'known' : null;
  }

  async #reload(work: WorkOptions): Promise<void> {
    // Until it is built, the log is further than the board.
    this.#isBroken = true;
    const stored = await this.#log.load(work);
    // Nobody's board was ever read in place of this new one.
    if (stored === null && this.isUnsaved && this.#log.position === null) {
      this.#isBroken = false;
      return;
    }
    if (stored === null) throw new StorageLostError('Cannot read the board again: it is gone from the medium');
    const built = await this.#build(stored, work);
    this.#built.driver.close();
    this.#built = built;
    this.#isBroken = false;
  }

  #applyAll(entries: readonly Entry[]): void {
    try {
      for (const entry of entries) applyEntry(entry, this.board);
    } catch (error) {
      this.#isBroken = true;
      throw error;
    }
  }
}
