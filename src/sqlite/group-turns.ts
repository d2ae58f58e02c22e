import { ConflictError, NotFoundError, StorageLostError, UnsupportedError } from '../core/errors.ts';
import type { Fact } from '../core/fact.ts';
import { Turns, type Turn } from '../core/turns.ts';
import { uuidAt } from '../core/uuid.ts';
import type { Intent, Resolution, Write } from '../core/write.ts';
import { encodeFacts, type Receipt } from './log-record.ts';
import { PendingView } from './pending-view.ts';
import type { RecordDraft, Replica } from './replica.ts';

/** Where a group is cut: a record is one step on the medium. */
const GROUP_LIMIT = 4 << 20;

/** How often a record is refused before it matters that there was nothing to catch up with. */
const FRUITLESS = 3;

/** Marks a turn that has to find the board as the log has it. */
const BETWEEN_GROUPS = Symbol('between groups');

/** A write that was called and has not ended. */
export interface OpenCall {
  /** Counts the writes of a store. */
  readonly call: number;
  readonly intent: Intent;
}

/** A write among the turns, and what it came to when it was last resolved. */
class Member implements OpenCall {
  readonly call: number;
  readonly #write: Write<unknown>;
  /** The call of another store that this one carries out, because the page ended that had made it. */
  readonly adopted: Receipt | null;
  /** Whether others may carry it out. */
  isLeft = false;
  /** Whether it is only to be told what came of it. */
  isOver = false;
  #outcome: Resolution<unknown> | { readonly error: unknown } | null = null;

  constructor(write: Write<unknown>, call: number, adopted: Receipt | null) {
    this.#write = write;
    this.call = call;
    this.adopted = adopted;
  }

  get intent(): Intent {
    return this.#write.intent;
  }

  /** A deletion counts what is on the board, and an adopted call has a receipt: each has a record of its own. */
  get isAlone(): boolean {
    return this.intent.kind === 'deletion' || this.adopted !== null;
  }

  get facts(): readonly Fact[] {
    return this.#outcome !== null && 'facts' in this.#outcome ? this.#outcome.facts : [];
  }

  /** Returns what it comes to as it stands in a record; null when that is nothing. */
  async resolve(view: PendingView): Promise<Uint8Array | null> {
    try {
      const resolution = this.#write.resolve(view);
      const { facts, result } = resolution instanceof Promise ? await resolution : resolution;
      const encoded = facts.length === 0 ? null : encode(facts);
      this.#outcome = { facts, result };
      return encoded;
    } catch (error) {
      this.fail(error);
      return null;
    }
  }

  /**
   * What the call itself was refused for counts more than what became of its group.
   *
   * @param mayBeThere whether others may have put there what it did not find
   */
  fail(error: unknown, mayBeThere = false): void {
    const refusal = this.#outcome !== null && 'error' in this.#outcome ? this.#outcome.error : null;
    if (refusal === null || (mayBeThere && refusal instanceof NotFoundError)) this.#outcome = { error };
  }

  /** The step of the turn: ends the call. */
  readonly end = (): unknown => {
    if (this.#outcome !== null && 'facts' in this.#outcome) return this.#outcome.result;
    throw this.#outcome?.error;
  };
}

/** Told what comes of groups. */
export interface GroupWatcher {
  /** A record of this store is accepted and applied. */
  readonly onAccepted: () => void;
  /** Waited for when calls end without a record, before they learn of it. Does not throw. */
  readonly beforeRefusal: () => Promise<void>;
  /** The calls of such a group have been refused. */
  readonly onFailure: (error: unknown) => void;
  /** The calls of a group have ended. */
  readonly onEnd: () => void;
}

/**
 * The turns of a store with a log. Writes that wait at the same moment form a group: they are resolved one after the other,
 * each seeing those before it; what they come to is one record; once that is on the medium it is applied, and the calls of
 * the group end in their order, the reads between them included. When somebody else got in first, the replica catches up and
 * the group is resolved again.
 */
export class GroupTurns extends Turns {
  readonly #replica: Replica;
  readonly #writer: string | null;
  readonly #watcher: GroupWatcher;
  #lastCall = 0;
  #group: Turn[] = [];

  /** @param writer names this store in the log; null where nobody shares the board */
  constructor(replica: Replica, writer: string | null, watcher: GroupWatcher) {
    super();
    this.#replica = replica;
    this.#writer = writer;
    this.#watcher = watcher;
  }

  write<T>(
    write: Write<T>,
    signal?: AbortSignal,
    preparation?: Promise<unknown>,
    adopted: Receipt | null = null,
  ): Promise<T> {
    const member = new Member(write, ++this.#lastCall, adopted);
    // It ends with the result of this write.
    const ended = this.take(member.end as () => T, preparation, signal, member);
    // A call that was left for others, and given up since, is not to be carried out by them either.
    ended.catch(() => {
      if (member.isLeft && signal?.aborted === true) this.#watcher.onEnd();
    });
    return ended;
  }

  /** A step that only reads can still be given up when it waits for the record of the writes that it was called with. */
  override take<T>(
    step: () => T | Promise<T>,
    preparation?: Promise<unknown>,
    signal?: AbortSignal,
    tag?: unknown,
  ): Promise<T> {
    if (signal === undefined || tag !== undefined) return super.take(step, preparation, signal, tag);
    return new Promise<T>((resolve, reject) => {
      const giveUp = () => {
        reject(signal.reason);
      };
      const unlessGivenUp = () => {
        signal.removeEventListener('abort', giveUp);
        if (!signal.aborted) return step();
        throw signal.reason;
      };
      signal.addEventListener('abort', giveUp);
      super.take(unlessGivenUp, preparation, signal).then(resolve, reject);
    });
  }

  /**
   * Carries out a step that reads or saves the log. Amid a group it would meet a board that has a part of a record, and take
   * it for the whole.
   */
  between<T>(step: () => T | Promise<T>, signal?: AbortSignal): Promise<T> {
    return this.take(step, undefined, signal, BETWEEN_GROUPS);
  }

  /** Writes that were called and have not ended, in their order. */
  openCalls(): OpenCall[] {
    return this.#openMembers();
  }

  /** The same, to be left for others to carry out. */
  leaveCalls(): OpenCall[] {
    const members = this.#openMembers();
    for (const member of members) member.isLeft = true;
    return members;
  }

  protected override isNext(turn: Turn): boolean {
    return super.isNext(turn) && !(turn.tag instanceof Member);
  }

  protected override proceed(): void {
    super.proceed();
    if (this.running || this.waiting[0]?.ready !== true) return;
    this.running = true;
    void this.#carryOutGroup().finally(() => {
      this.running = false;
      this.proceed();
    });
  }

  async #carryOutGroup(): Promise<void> {
    // What is called in this same moment joins the group.
    await Promise.resolve();
    let record: RecordDraft | null = null;
    try {
      record = await this.#acceptGroup();
      if (record === null) await this.#endWithoutRecord();
      await this.#endGroup(record);
    } catch (error) {
      // It failed before any call had joined: all that wait have come to the same.
      if (this.#group.length === 0) while (this.waiting[0]?.ready === true) this.#join();
      await this.#endWithoutRecord();
      for (const member of membersOf(this.#group)) member.fail(error, this.#writer !== null);
      await this.#endGroup(null);
      this.#watcher.onFailure(error);
    }
    if (record !== null) this.#watcher.onAccepted();
    this.#watcher.onEnd();
  }

  /** What is known to nobody but its callers is not left for others any more, whenever the page ends. */
  async #endWithoutRecord(): Promise<void> {
    for (const member of membersOf(this.#group)) member.isOver = true;
    await this.#watcher.beforeRefusal();
  }

  /** Returns the record that was accepted; null when the group came to nothing. */
  async #acceptGroup(): Promise<RecordDraft | null> {
    for (let losses = 0; ;) {
      const hasMoved = await this.#replica.prepare();
      if (losses > FRUITLESS && !hasMoved) throw cannotFollow();
      const record = await this.#resolveGroup();
      if (record === null) {
        // No append finds out whether others have written what these calls ask for.
        if (this.#writer === null || !(await this.#replica.catchUp())) return null;
      } else {
        const appended = await this.#replica.append(record);
        if (appended === 'accepted') return record;
        // Unless it was others who carried the calls out, they came to what they were resolved to.
        if (appended === 'known' && !this.#group.some(isLeft)) return null;
        losses++;
      }
    }
  }

  /** Resolves the writes of the group, and of as many turns that wait as fit into a record. */
  async #resolveGroup(): Promise<RecordDraft | null> {
    const { board } = this.#replica;
    const view = new PendingView(board);
    const ended = this.#writer === null ? 0 : board.lastCall(this.#writer);
    const facts: Uint8Array[] = [];
    let bytes = 0;
    let last: Member | null = null;
    for (let i = 0; i < this.#group.length || (bytes < GROUP_LIMIT && this.#mayJoin(last)); i++) {
      const { tag } = this.#group[i] ?? this.#join();
      if (!(tag instanceof Member)) continue;
      last = tag;
      if (tag.call <= ended) {
        tag.fail(takenOver());
        continue;
      }
      const encoded = await tag.resolve(view);
      if (encoded === null || !this.#isAllowed(tag, encoded.length)) continue;
      view.add(tag.facts);
      facts.push(encoded);
      bytes += encoded.length;
    }
    // A call that is refused has ended as well: without a receipt, it would be carried out again.
    const adopted = last?.adopted ?? null;
    if (last === null || (facts.length === 0 && (adopted === null || board.isOver(adopted)))) return null;
    const receipts = adopted === null ? [] : [adopted];
    if (this.#writer !== null) receipts.push({ writer: this.#writer, call: last.call });
    return {
      facts,
      sequence: view.sequence,
      notes: {
        ...(this.#replica.isEpochOver && { epoch: uuidAt(Date.now(), 0) }),
        ...(receipts.length > 0 && { receipts }),
      },
    };
  }

  #mayJoin(last: Member | null): boolean {
    const next = this.waiting[0];
    if (next?.ready !== true || next.tag === BETWEEN_GROUPS) return false;
    if (last === null || !(next.tag instanceof Member)) return true;
    return !(next.tag.isAlone || last.isAlone || this.#replica.board.hasForeignRules);
  }

  /**
   * What a record holds must be applicable for ever: what others forbid, and what is too large for the engine, is found out
   * before it is in the log.
   */
  #isAllowed(member: Member, size: number): boolean {
    const { board } = this.#replica;
    if (!board.hasForeignRules && size < GROUP_LIMIT) return true;
    try {
      board.rehearse(member.facts);
      return true;
    } catch (error) {
      member.fail(error);
      return false;
    }
  }

  #join(): Turn {
    const turn = this.waiting.shift();
    if (turn === undefined) throw new ConflictError('Cannot write: no call waits');
    this.#group.push(turn);
    return turn;
  }

  /** Applies what each run of writes came to just before it ends, so that no read sees a write that was called after it. */
  async #endGroup(record: RecordDraft | null): Promise<void> {
    let pending = record;
    let notes = record?.notes;
    for (let turn = this.#group[0]; turn !== undefined; turn = this.#group[0]) {
      const run = this.#leadingMembers();
      if (pending !== null && run.length > 0) {
        const isApplied = await this.#replica.apply(
          run.flatMap((member) => member.facts),
          notes,
        );
        notes = undefined;
        // Built again, the board has all of the record.
        if (!isApplied) pending = null;
      }
      for (let ended = 0; ended < Math.max(run.length, 1); ended++) {
        const next = this.#group.shift();
        if (next !== undefined) await carryOut(next);
      }
    }
  }

  #openMembers(): Member[] {
    return membersOf([...this.#group, ...this.waiting]).filter(({ isOver }) => !isOver);
  }

  #leadingMembers(): Member[] {
    const run: Member[] = [];
    for (const { tag } of this.#group) {
      if (!(tag instanceof Member)) break;
      run.push(tag);
    }
    return run;
  }
}

function membersOf(turns: readonly Turn[]): Member[] {
  return turns.flatMap(({ tag }) => (tag instanceof Member ? [tag] : []));
}

function isLeft({ tag }: Turn): boolean {
  return tag instanceof Member && tag.isLeft;
}

function encode(facts: readonly Fact[]): Uint8Array {
  try {
    return encodeFacts(facts);
  } catch (cause) {
    // No engine has strings of any length.
    throw new UnsupportedError('Cannot write: what the call comes to is too large for one record of the log', {
      cause,
    });
  }
}

async function carryOut(turn: Turn): Promise<void> {
  try {
    await turn.run();
  } catch (error) {
    turn.fail(error);
  }
}

function cannotFollow(): StorageLostError {
  return new StorageLostError(
    'Cannot write to the board: its medium says that somebody else got in first, and has nothing of theirs',
  );
}

function takenOver(): ConflictError {
  return new ConflictError(
    'Cannot say what the write came to: the page was suspended, and another store carried out what it had left behind',
  );
}
