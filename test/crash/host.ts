import type { MediumWatcher } from '../../src/persistence/medium.ts';
import type { Disk } from './disk.ts';

/** One who uses a disk: a process, or a tab. */
export interface User {
  readonly name: string;
  readonly watcher: MediumWatcher | null;
  /** Lets go of all that it holds, as its death does. */
  vanish(): void;
}

/** Carries out the steps of all users of one disk. */
export interface Host {
  /** Asks for a step; resolves when it is done. */
  step<T>(user: User, name: string, perform: (disk: Disk) => T): Promise<T>;
  /** Tells the others that something changed. */
  announce(user: User): void;
}
