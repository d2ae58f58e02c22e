import { LockedError } from '../core/errors.ts';
import {
  describeHolder,
  encodeHolder,
  fateOf,
  HEARTBEAT_MS,
  readHolder,
  type Fate,
  type Holder,
} from './file-holder.ts';
import { ignore, temporaryBeside } from './file-temporary.ts';
import {
  folderOf,
  linkFile,
  removeFile,
  repeat,
  replaceFile,
  syncFolder,
  textNow,
  thisProcess,
  touchFile,
  writeNewFile,
} from './files.ts';

/**
 * A lock file that this process holds. The system does not remove it when the process dies: whoever finds it finds out whom
 * it names, and takes over what a dead process holds.
 */
export class FileLock {
  /** Whether whoever held it before is dead, and did not end well. */
  readonly isTakenOver: boolean;
  readonly #path: string;
  readonly #holder: Holder;
  readonly #stopBeating: () => void;
  #lastBeat = performance.now();

  private constructor(path: string, holder: Holder, isTakenOver: boolean) {
    this.isTakenOver = isTakenOver;
    this.#path = path;
    this.#holder = holder;
    this.#stopBeating = repeat(HEARTBEAT_MS, () => void this.#beat().catch(ignore));
  }

  /**
   * @param onTakenOver told of the dead holder whose lock was taken over
   * @throws LockedError when somebody holds it who is not provably dead
   */
  static async take(path: string, action: string, onTakenOver: (holder: string) => void): Promise<FileLock> {
    const holder = { ...(await thisProcess()), token: crypto.randomUUID(), since: new Date().toISOString() };
    const dead = await claim(path, holder, action);
    const lock = new FileLock(path, holder, dead !== null);
    try {
      // It outlasts what is written under it: a power cut that takes records leaves the lock to tell.
      await syncFolder(folderOf(path));
      if (dead !== null) onTakenOver(describeHolder(dead));
      return lock;
    } catch (error) {
      lock.#stopBeating();
      // What failed first is what counts.
      await lock.giveBack().catch(ignore);
      throw error;
    }
  }

  /** @throws LockedError when it is no longer ours */
  async verify(action: string): Promise<void> {
    if (!this.#isOurs()) {
      const taker = await readHolder(this.#path);
      const fate = taker === null ? 'was removed' : `is held by ${describeHolder(taker)}`;
      throw new LockedError(
        `Cannot ${action}: its lock ${JSON.stringify(this.#path)} ${fate}, so that somebody else may write`,
      );
    }
    if (performance.now() - this.#lastBeat > HEARTBEAT_MS) await this.#beat();
  }

  async release(): Promise<void> {
    if (this.#isOurs()) await removeFile(this.#path);
    this.#stopBeating();
  }

  /** Leaves the lock as it was found: nothing was done under it. */
  async giveBack(): Promise<void> {
    await (this.isTakenOver ? this.abandon() : this.release());
  }

  /** Leaves the lock to be taken over, as the death of this process does. */
  async abandon(): Promise<void> {
    // Silent from now on, whether or not that can be written: so others can find out.
    this.#stopBeating();
    if (this.#isOurs()) await this.#sayOver();
  }

  async #sayOver(): Promise<void> {
    const file = temporaryBeside(this.#path);
    try {
      await writeNewFile(file, new TextEncoder().encode(encodeHolder({ ...this.#holder, isOver: true })), null, 0o666);
      await replaceFile(this.#path, file);
    } finally {
      await removeFile(file).catch(ignore);
    }
  }

  /** Asked before every append, and so at once. */
  #isOurs(): boolean {
    return textNow(this.#path) === encodeHolder(this.#holder);
  }

  async #beat(): Promise<void> {
    this.#lastBeat = performance.now();
    if (this.#isOurs()) await touchFile(this.#path);
  }
}

/** Enough for any number of others who come and go; a lock file that is there and is not cannot be waited for. */
const ATTEMPTS = 100;

/** Puts the holder into the lock file. Returns the dead one who was in it. */
async function claim(path: string, holder: Holder, action: string): Promise<Holder | null> {
  const file = temporaryBeside(path);
  try {
    // Flushed, so that even a power cut leaves no lock that names nobody.
    await writeNewFile(file, new TextEncoder().encode(encodeHolder(holder)), null, 0o666);
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      if (await linkFile(file, path)) return null;
      const other = await readHolder(path);
      if (other === null) continue;
      const fate = await fateOf(other, holder, path);
      if (other === 'unreadable' || fate !== 'dead') throw lockedBy(other, fate, path, action);
      if (await takeOver(path, file, other, holder, action)) return other;
    }
    throw lockedBy('unreadable', 'unknown', path, action);
  } finally {
    await removeFile(file).catch(ignore);
  }
}

/**
 * The right to take over a lock is a lock itself, named after the dead holder: of several who found the same one, a single
 * one gets it, and whoever comes late finds another holder in the lock.
 */
async function takeOver(path: string, file: string, dead: Holder, holder: Holder, action: string): Promise<boolean> {
  const right = `${path}.${dead.token}`;
  await claim(right, holder, action);
  try {
    const now = await readHolder(path);
    if (now === null || now === 'unreadable' || now.token !== dead.token) return false;
    await replaceFile(path, file);
    return true;
  } finally {
    await removeFile(right);
  }
}

function lockedBy(holder: Holder | 'unreadable', fate: Fate, path: string, action: string): LockedError {
  const advice = fate === 'alive' ? '' : `; if that is over, remove ${JSON.stringify(path)}`;
  return new LockedError(`Cannot ${action}: ${describeHolder(holder)}, has it open to write${advice}`);
}
