import { QuotaError, StorageLostError } from '../../src/core/errors.ts';
import type { Choices } from './choices.ts';
import type { Disk } from './disk.ts';
import type { Host, User } from './host.ts';

/** What can become of a step other than that it happens. */
export const FAULTS = [
  /** It does not happen, and its user is told. */
  'fail',
  /** It happens, and its user is told that it did not. */
  'fail late',
  /** Everybody dies before it happens, or, when it is an append to an exclusive place, perhaps in its middle. */
  'kill',
  /** It happens, and everybody dies before they are told. */
  'kill late',
  /** As 'kill', and what was not flushed is lost. */
  'cut',
  'cut late',
] as const;

/** Planned for the step with this number. */
export interface Fault {
  readonly at: number;
  readonly kind: (typeof FAULTS)[number];
}

interface Step {
  readonly user: User;
  readonly name: string;
  /** Does it, and returns what tells the user. */
  readonly perform: (disk: Disk) => () => void;
  readonly fail: (error: Error) => void;
}

/** So often nothing may happen in a row while somebody waits. */
const PATIENCE = 300;

/**
 * Lets the steps of all users happen one by one, in an order that was chosen beforehand, and goes wrong where that was
 * planned. The dead are answered from a disk of their own that nobody reads, so that they can be closed.
 */
export class World implements Host {
  readonly disk: Disk;
  /** What happened, for people. */
  readonly trace: string[] = [];
  /** Told before each step. */
  onStep: () => void = () => undefined;
  /** Whether everybody died, and whether that was a power cut. */
  end: 'kill' | 'cut' | null = null;
  /** How many faults have been met. */
  faults = 0;
  steps = 0;
  readonly #isShared: boolean;
  readonly #choices: Choices;
  readonly #planned: ReadonlyMap<number, Fault['kind']>;
  readonly #users = new Set<User>();
  readonly #graves = new Map<User, Disk>();
  readonly #asleep = new Set<User>();
  #pending: Step[] = [];

  constructor(disk: Disk, isShared: boolean, choices: Choices, faults: readonly Fault[] = []) {
    this.disk = disk;
    this.#isShared = isShared;
    this.#choices = choices;
    this.#planned = new Map(faults.map(({ at, kind }) => [at, kind]));
  }

  /** Whether anybody lives. */
  isAlive(): boolean {
    return this.end === null;
  }

  /** Whether nobody waits for a step. */
  get isQuiet(): boolean {
    return this.#pending.length === 0;
  }

  /** Whether a record is on its way. */
  get isAppending(): boolean {
    return this.#pending.some(({ name }) => name.startsWith('append'));
  }

  step<T>(user: User, name: string, perform: (disk: Disk) => T): Promise<T> {
    if (!this.#graves.has(user)) this.#users.add(user);
    if (!this.isAlive()) this.#bury(user);
    return new Promise((resolve, reject) => {
      const step: Step = {
        user,
        name,
        perform: (disk) => {
          try {
            const result = perform(disk);
            return () => resolve(result);
          } catch (error) {
            return () => reject(error);
          }
        },
        fail: reject,
      };
      const grave = this.#graves.get(user);
      if (grave === undefined) this.#pending.push(step);
      else step.perform(grave)();
    });
  }

  announce(user: User): void {
    for (const other of this.#users) {
      const { watcher } = other;
      if (other === user || watcher === null || this.#graves.has(other)) continue;
      const tell = () => {
        if (other.watcher === watcher && !this.#graves.has(other)) watcher.changed();
      };
      for (let copies = [1, 0, 2][this.#choices.below(3)] ?? 1; copies > 0; copies--) {
        this.#pending.push({ user: other, name: 'hint', perform: () => tell, fail: () => undefined });
      }
    }
  }

  /** Lets steps happen until so many have, or until it is done, or everybody is dead. */
  async run(limit: number, isDone: () => boolean): Promise<void> {
    const last = this.steps + limit;
    for (let idle = 0; this.end === null;) {
      await settled();
      if (!this.isAlive() || isDone() || this.steps >= last) return;
      if (this.#next()) idle = 0;
      else if (limit !== Infinity) return;
      else if (++idle > PATIENCE) throw new Error('Nothing is left to happen, and yet a call has not ended');
    }
  }

  /** Lets no step of this user happen while there are others. */
  suspend(user: User): void {
    this.#asleep.add(user);
  }

  /** One user dies; what it asked for may happen all the same. Returns the names of the steps that do. */
  kill(user: User): string[] {
    const left = this.#pending.filter((step) => step.user === user);
    const carriedOut = left.filter((step) => step.name !== 'hint' && this.#choices.below(2) === 0);
    for (const step of carriedOut) {
      this.#note(step, 'happens after the death');
      step.perform(this.disk);
    }
    this.#bury(user);
    return carriedOut.map(({ name }) => name);
  }

  /** Everybody dies. */
  die(end: 'kill' | 'cut'): void {
    this.end = end;
    if (end === 'cut') this.disk.cutPower(this.#choices);
    else this.disk.endProcesses();
    for (const user of this.#users) this.#bury(user);
  }

  /** Others come. */
  begin(): void {
    this.end = null;
  }

  #next(): boolean {
    const awake = this.#pending.filter(({ user }) => !this.#asleep.has(user));
    if (awake.length === 0) this.#asleep.clear();
    const open = awake.length === 0 ? this.#pending : awake;
    const step = open[this.#choices.below(open.length)];
    if (step === undefined) return false;
    this.onStep();
    this.#pending.splice(this.#pending.indexOf(step), 1);
    this.#carryOut(step, this.#planned.get(this.steps++));
    return true;
  }

  #carryOut(step: Step, fault: Fault['kind'] | undefined): void {
    this.#note(step, fault ?? '');
    if (fault !== undefined) this.faults++;
    switch (fault) {
      case undefined:
        step.perform(this.disk)();
        return;
      case 'fail':
        step.fail(this.#error(step));
        return;
      case 'fail late':
        step.perform(this.disk);
        step.fail(this.#error(step));
        return;
      case 'kill':
      case 'cut':
        if (!this.#isShared && step.name.startsWith('append') && this.#choices.below(2) === 1) this.disk.tear();
        this.#pending.push(step);
        this.die(fault);
        return;
      case 'kill late':
      case 'cut late':
        step.perform(this.disk);
        this.#pending.push(step);
        this.die(fault === 'kill late' ? 'kill' : 'cut');
    }
  }

  #error({ name }: Step): Error {
    const message = `Cannot ${name}: that was planned`;
    return this.#choices.below(2) === 0 ? new StorageLostError(message) : new QuotaError(message);
  }

  #bury(user: User): void {
    if (this.#graves.has(user)) return;
    const grave = this.disk.clone();
    this.#graves.set(user, grave);
    this.#users.delete(user);
    user.vanish();
    const left = this.#pending.filter((step) => step.user === user);
    this.#pending = this.#pending.filter((step) => step.user !== user);
    for (const step of left) if (step.name !== 'hint') step.perform(grave)();
  }

  #note({ user, name }: Step, what: string): void {
    this.trace.push(`${String(this.steps)} ${user.name}: ${name}${what && ` (${what})`}`);
  }
}

/** Resolves when everything that follows from what happened has followed. */
function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
