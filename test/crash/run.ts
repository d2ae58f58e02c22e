import { ConflictError } from '../../src/core/errors.ts';
import { Choices } from './choices.ts';
import { Disk } from './disk.ts';
import type { Call } from './explain.ts';
import type { Action, Deed, History } from './history.ts';
import { Door, ModelMedium, type ModelOpenMedium } from './model-medium.ts';
import { Subject } from './subject.ts';
import { Witness } from './witness.ts';
import { World } from './world.ts';

/** A store in use. */
interface Slot {
  readonly medium: ModelMedium;
  readonly subject: Subject;
  readonly calls: Call[];
  /** Whether its page has ended. */
  isDead: boolean;
}

/** How often in a row a board may fail to open, when there is no end of planned faults in sight. */
const PATIENCE = 10;

/** One run of a history, on a disk. */
export class Run {
  readonly world: World;
  readonly witness: Witness;
  readonly #history: History;
  readonly #door: Door;
  readonly #slots = new Map<number, Slot>();
  /** Everything that was ever opened and is to be closed. */
  #opened: Promise<Subject>[] = [];
  #openCalls = 0;
  #pagesEnded = false;
  #problem: Error | null = null;

  constructor(history: History, disk = new Disk()) {
    this.#history = history;
    this.#door = new Door(history.isShared);
    this.world = new World(disk, history.isShared, new Choices(history.choices), history.faults);
    this.witness = new Witness(history.durability === 'strict');
  }

  /** Has the stores do all that the history tells, and waits for it. */
  async perform(onDeed: (deed: Deed) => void = () => undefined): Promise<void> {
    for (const deed of this.#history.deeds) {
      onDeed(deed);
      await this.#perform(deed);
      await this.#recover();
    }
    await this.world.run(Infinity, () => this.#openCalls === 0);
    await this.#recover();
  }

  /** @throws Error that says what was promised and not kept */
  async toEnd(): Promise<void> {
    try {
      await this.perform();
      if (this.#history.isClosed) for (const store of [...this.#slots.keys()]) await this.#close(store);
      await this.#recover();
      this.world.die('kill');
      await this.#recover();
    } finally {
      await this.end();
    }
  }

  /** Frees what it holds. */
  async end(): Promise<void> {
    this.world.die('kill');
    await this.#clear();
  }

  /** Opens the board after a crash and has it judged. */
  async #recover(): Promise<void> {
    for (let attempts = 0; !this.world.isAlive(); attempts++) {
      if (attempts > PATIENCE) throw new Error('The board cannot be opened again');
      this.witness.isCut ||= this.world.end === 'cut';
      await this.#clear();
      this.world.begin();
      const slot = await this.#open(0);
      const reading = slot && (await this.#wait(slot.subject.read()));
      if (reading !== null) this.witness.found(reading, this.world.disk.orphans.size > 0);
      else if (this.world.isAlive()) this.world.die('kill');
    }
    const problem = this.#problem;
    if (problem !== null) throw problem;
  }

  async #perform({ store, action, pace }: Deed): Promise<void> {
    const slot = this.#slots.get(store) ?? (await this.#open(store));
    if (slot === null) return;
    const isEnded = this.#begin(store, slot, action);
    if (pace === null) await this.world.run(Infinity, isEnded);
    else await this.world.run(pace, () => false);
    if (action.kind === 'reopen' && this.world.isAlive()) await this.#close(store);
  }

  /** Begins what is to be done. Returns what tells whether it has ended. */
  #begin(store: number, slot: Slot, action: Action): () => boolean {
    const { subject, medium } = slot;
    switch (action.kind) {
      case 'checkpoint':
        return this.#track(slot, subject.checkpoint(), this.witness.flushing(slot.calls));
      case 'flush':
        return this.#track(slot, subject.flush(), this.witness.flushing());
      case 'reopen':
        return () => true;
      case 'sleep':
        if (medium.opened !== null) this.world.suspend(medium.opened);
        return () => true;
      case 'hide':
      case 'end page':
        if (medium.opened !== null) this.#endPage(store, slot, medium.opened, action.kind === 'end page');
        return () => true;
      default: {
        const call = this.witness.begins(slot.calls, action);
        return this.#track(
          slot,
          subject.ask(action, call.number),
          ({ answer, sightings, epoch }) => {
            this.witness.answered(call, answer);
            this.witness.saw(epoch, sightings);
          },
          () => this.witness.refused(slot.calls, call, this.#outcomeOfRefused()),
        );
      }
    }
  }

  /** After one fault a store can find out what came of a call, and take back what its page has left. */
  #outcomeOfRefused(): 'nothing' | 'something' | 'later' {
    if (this.world.faults < 2) return this.#pagesEnded ? 'something' : 'nothing';
    return this.#pagesEnded ? 'later' : 'something';
  }

  #endPage(store: number, slot: Slot, opened: ModelOpenMedium, isOver: boolean): void {
    this.#pagesEnded = true;
    opened.endPage().catch(() => {
      // Nobody waits for what a page leaves.
    });
    if (!isOver) return;
    slot.isDead = true;
    this.#slots.delete(store);
    if (!this.world.kill(opened).includes('leave orphan')) return;
    for (const call of slot.calls) call.isLeft = call.ended === null;
  }

  /** Follows a call until it ends, or its store is dead. Returns what tells whether it has ended. */
  #track<T>(
    slot: Pick<Slot, 'isDead'>,
    call: Promise<T>,
    onAnswer: (answer: T) => void,
    onRefusal: () => void = () => undefined,
  ): () => boolean {
    let isEnded = false;
    const isExcused = this.#openCalls++ > 0 || !this.world.isQuiet;
    const faults = this.world.faults;
    const end = (settle: () => void) => {
      isEnded = true;
      this.#openCalls--;
      if (!this.world.isAlive() || slot.isDead) return;
      try {
        settle();
      } catch (problem) {
        this.#problem ??= new Error(String(problem), { cause: problem });
        this.world.die('kill');
      }
    };
    call.then(
      (answer) => end(() => onAnswer(answer)),
      (error: unknown) =>
        end(() => {
          const isHit = this.world.faults > (isExcused ? 0 : faults);
          if (!isHit && !this.#isTakenOver(error)) throw error;
          onRefusal();
        }),
    );
    return () => isEnded;
  }

  /** Whether a page that may have ended learns that others carried out what it left. */
  #isTakenOver(error: unknown): boolean {
    return this.#pagesEnded && error instanceof ConflictError;
  }

  /** What the call comes to; null when it was refused, or everybody died before. */
  async #wait<T>(call: Promise<T>): Promise<T | null> {
    let result: T | null = null;
    const isEnded = this.#track({ isDead: false }, call, (answer) => {
      result = answer;
    });
    await this.world.run(Infinity, isEnded);
    return result;
  }

  async #open(store: number): Promise<Slot | null> {
    const medium = new ModelMedium(this.world, this.#door, `store ${String(store)}`);
    const opening = Subject.open(medium, this.#history.durability);
    this.#opened.push(opening);
    const subject = await this.#wait(opening);
    const reading = subject && (await this.#wait(subject.read()));
    if (subject === null || reading === null) {
      if (this.world.isAlive()) medium.opened?.vanish();
      return null;
    }
    const slot = { medium, subject, calls: this.witness.store(), isDead: false };
    this.#slots.set(store, slot);
    return slot;
  }

  /** Closes a store; one that refuses to close stays. */
  async #close(store: number): Promise<void> {
    const slot = this.#slots.get(store);
    if (slot === undefined) return;
    const flushed = this.witness.flushing();
    const isClosed = await this.#wait(slot.subject.close().then(() => true));
    if (isClosed === null) return;
    flushed();
    this.#slots.delete(store);
  }

  /** Frees what the dead held. */
  async #clear(): Promise<void> {
    this.#slots.clear();
    const opened = this.#opened;
    this.#opened = [];
    for (const opening of opened) await opening.then((subject) => subject.close(false)).catch(() => undefined);
  }
}
