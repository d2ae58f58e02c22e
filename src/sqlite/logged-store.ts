import { Calls } from '../core/calls.ts';
import { LockedError, ReadOnlyError, StorageLostError } from '../core/errors.ts';
import type { OperationLog } from '../core/operations.ts';
import type { CallOptions, CloseOptions, StoreCapabilities, StoreOptions, StoreStats } from '../core/store.ts';
import { uuidAt } from '../core/uuid.ts';
import { unlessAborted } from '../core/unless-aborted.ts';
import type { Write } from '../core/write.ts';
import type { Durability, OpenMedium, WorkOptions } from '../persistence/medium.ts';
import { GroupTurns } from './group-turns.ts';
import { adoptOrphans, encodeOrphan, takeBackCalls } from './orphan.ts';
import type { Replica } from './replica.ts';
import { SqlJsStore } from './sqljs-store.ts';
import type { OnEvent } from './store-event.ts';

/** What a store with a medium is made of. */
export interface LoggedStoreParts {
  readonly medium: OpenMedium;
  readonly replica: Replica;
  readonly durability: Durability;
  readonly readOnly: boolean;
  readonly onEvent: OnEvent;
  readonly operations: OperationLog;
  readonly onProgress: WorkOptions['onProgress'];
}

/** A store whose board rests on a medium: every write is in the log before it is on the board. */
export class LoggedStore extends SqlJsStore {
  override readonly capabilities: StoreCapabilities;
  readonly #medium: OpenMedium;
  readonly #replica: Replica;
  readonly #turns: GroupTurns;
  readonly #durability: Durability;
  readonly #work: WorkOptions;
  readonly #writer: string | null;
  #lastCheckpoint: Date | null = null;
  #checkpoint: Promise<unknown> | null = null;
  /** Saves and syncs whose turns have ended. */
  #underWay: Promise<unknown> = Promise.resolve();
  /** The length of the log at which a checkpoint that failed is tried again. */
  #retryAt = 0;
  #vacuums = 0;
  #takingBack: Promise<void> = Promise.resolve();
  #isCatchingUp = false;
  #isDetached = false;
  #isClosed = false;
  /** The calls that others carry out should its page end. */
  readonly #left = new Set<number>();

  constructor(options: StoreOptions, parts: LoggedStoreParts) {
    const writer = parts.medium.isShared ? uuidAt(Date.now(), 0) : null;
    const turns = new GroupTurns(parts.replica, writer, {
      onAccepted: () => {
        // Its medium works again: what fails from now on was not told of yet.
        this.#isDetached = false;
        this.#checkpointWhenLong();
      },
      beforeRefusal: () => this.#takeBack(),
      onFailure: (error) => {
        this.#detachOn(error);
      },
      onEnd: () => {
        if (this.#left.size > 0) void this.#beside(this.#takeBack());
      },
    });
    super(options, () => parts.replica.built, parts.onEvent, new Calls(turns, parts.operations));
    this.capabilities = Object.freeze({ durable: true, writable: !parts.readOnly, sqlite: true });
    this.#medium = parts.medium;
    this.#replica = parts.replica;
    this.#turns = turns;
    this.#durability = parts.durability;
    this.#work = { onProgress: parts.onProgress };
    this.#writer = writer;
  }

  /** Carries out what pages have left behind, and listens to others. */
  async begin(signal: AbortSignal | undefined): Promise<void> {
    if (this.capabilities.writable) {
      const [medium, replica, turns] = [this.#medium, this.#replica, this.#turns];
      await adoptOrphans({ medium, replica, turns, types: this.types, onEvent: this.onEvent, signal });
    }
    this.#medium.watch({
      changed: () => {
        this.#follow();
      },
      ending: () => this.#leaveOrphan(),
    });
    // What others wrote since the board was loaded may have been told of before anybody listened.
    if (this.#medium.isShared) this.#follow();
  }

  override checkpoint(options?: CallOptions): Promise<void> {
    return this.calls.carryOut('checkpoint', options, async ({ signal }) => {
      if (!this.capabilities.writable) throw new ReadOnlyError('Cannot checkpoint: the store is read-only');
      const { done } = await this.#turns.between(async () => {
        await this.#replica.mend(this.#work);
        return { done: this.#beside(this.#save({ ...this.#work, signal })) };
      }, signal);
      // It may wait for one that is under way.
      if (!(await unlessAborted(done, signal))) await this.#catchUp(signal);
    });
  }

  override flush(options?: CallOptions): Promise<void> {
    return this.calls.carryOut('flush', options, async ({ signal }) => {
      // Wrapped, so that the turn ends when the bytes are taken, and later calls go on while they are written.
      const { done } = await this.calls.take(signal, async () => {
        if (!this.capabilities.writable) return { done: undefined };
        await this.#replica.mend(this.#work);
        return { done: this.#beside(this.#persist()) };
      });
      await done;
    });
  }

  override refresh(options?: CallOptions): Promise<void> {
    return this.calls.carryOut('refresh', options, ({ signal }) => this.#catchUp(signal));
  }

  protected override commit<T>(write: Write<T>, signal?: AbortSignal, preparation?: Promise<unknown>): Promise<T> {
    return this.#turns.write(write, signal, preparation);
  }

  protected override state(): Pick<StoreStats, 'epoch' | 'durability' | 'log' | 'lastCheckpoint'> {
    return {
      epoch: this.board.epoch,
      durability: this.#durability,
      log: this.#replica.log.size,
      lastCheckpoint: this.#lastCheckpoint,
    };
  }

  protected override async release(options: CloseOptions): Promise<void> {
    await this.#underWay;
    if (this.capabilities.writable) {
      try {
        await this.#finish(options);
      } catch (error) {
        const wasTold = this.#isDetached;
        // The board is gone from its medium, or somebody else has its lock: no later attempt mends that.
        const isLost = this.#detachOn(error) || error instanceof LockedError;
        this.#isDetached ||= isLost;
        // Who was told has had the time to export what is in memory. A checkpoint that was asked for is another matter.
        if (!isLost || !wasTold || options.checkpoint === true) throw error;
      }
    }
    await this.#medium.close();
    this.#replica.close();
    this.#isClosed = true;
  }

  /** Leaves on the medium all that is to be there when this store is closed. */
  async #finish({ checkpoint = !this.#medium.isShared, signal }: CloseOptions): Promise<void> {
    await this.#takeBack();
    // Closed well, an exclusive medium will not say again that records may be lost. A board that nobody saved says so itself.
    const isTold = this.#medium.isShared || (this.#replica.isUnsaved && !checkpoint);
    if (!isTold && this.#replica.isEpochOver) await this.#replica.beginEpoch();
    if (checkpoint) {
      await this.#replica.mend(this.#work);
      if (!(await this.#save({ ...this.#work, signal }))) await this.#replica.catchUp(this.#work);
    }
    await this.#medium.sync();
  }

  async #persist(): Promise<void> {
    if (this.#replica.isUnsaved) await this.#save(this.#work);
    await this.#medium.sync();
  }

  /** Has a close wait for what goes on when its turn has ended. */
  #beside<T>(work: Promise<T>): Promise<T> {
    this.#underWay = Promise.allSettled([this.#underWay, work]).then(() => undefined);
    return work;
  }

  /**
   * Saves the board as it is now, unless that is saved already. False when somebody else got in first: they have saved more of
   * it, or another board, and catching up tells which.
   */
  async #save(work: WorkOptions): Promise<boolean> {
    const { vacuums } = this.board;
    if (!this.#replica.isUnsaved && this.#replica.log.size.records === 0 && vacuums === this.#vacuums) return true;
    if (!(await this.#replica.save(this.#replica.capture(), work))) return false;
    this.#vacuums = vacuums;
    this.#retryAt = 0;
    this.#lastCheckpoint = new Date();
    return true;
  }

  /** Reads what others have written, in a turn; nothing when the store was closed before that. */
  async #catchUp(signal: AbortSignal | undefined): Promise<void> {
    try {
      await this.#turns.between(() => !this.#isClosed && this.#replica.catchUp(this.#work), signal);
    } catch (error) {
      this.#detachOn(error);
      throw error;
    }
  }

  /** Off the way of the writes: they go on while the snapshot is written. */
  #checkpointWhenLong(): void {
    const { isLong, size } = this.#replica.log;
    // Calls of one moment can end with one that closes.
    if (this.#isClosed || !isLong || size.bytes < this.#retryAt || this.#checkpoint !== null) return;
    this.#checkpoint = this.#beside(this.#save(this.#work))
      .catch((error: unknown) => {
        this.#retryAt = 2 * size.bytes;
        this.onEvent({ type: 'checkpoint-failed', error });
      })
      .finally(() => {
        this.#checkpoint = null;
      });
  }

  /** Reads what others have written, at the next turn. One such turn at a time is enough. */
  #follow(): void {
    if (this.#isCatchingUp) return;
    this.#isCatchingUp = true;
    const step = () => {
      this.#isCatchingUp = false;
      return !this.#isClosed && this.#replica.catchUp();
    };
    this.#turns.between(step).catch((error: unknown) => {
      if (!this.#detachOn(error)) this.onEvent({ type: 'behind', error });
    });
  }

  #detachOn(error: unknown): boolean {
    if (!(error instanceof StorageLostError)) return false;
    if (!this.#isDetached) this.onEvent({ type: 'detached', error });
    this.#isDetached = true;
    return true;
  }

  #leaveOrphan(): Uint8Array | null {
    if (this.#writer === null) return null;
    const calls = this.#turns.leaveCalls();
    if (calls.length === 0) return null;
    for (const { call } of calls) this.#left.add(call);
    return encodeOrphan({ writer: this.#writer, calls });
  }

  /**
   * The page lives on: the calls that it left, and that have ended, are not to be carried out by others. One such step at a
   * time: each has to find what the one before leaves.
   */
  #takeBack(): Promise<void> {
    this.#takingBack = this.#takingBack.then(async () => {
      const open = new Set(this.#turns.openCalls().map(({ call }) => call));
      const ended = new Set([...this.#left].filter((call) => !open.has(call)));
      if (this.#writer === null || ended.size === 0) return;
      try {
        await takeBackCalls(this.#writer, ended, { medium: this.#medium, onEvent: this.onEvent });
        for (const call of ended) this.#left.delete(call);
      } catch (error) {
        // It is tried again when the next calls end. Others carry out none of those that a record tells of by then.
        this.#detachOn(error);
      }
    });
    return this.#takingBack;
  }
}
