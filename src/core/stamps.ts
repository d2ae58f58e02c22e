import { attempt, checkId } from './checks.ts';
import { instantOf } from './time.ts';
import { LAST_COUNTER, uuidAt } from './uuid.ts';

/** Hands out a store's default times and ids, so that what it publishes with defaults is listed in publish order. */
export class Stamps {
  readonly #now: () => Date;
  readonly #newId: (() => string) | undefined;
  #lastTime = -Infinity;
  #idTime = -Infinity;
  #counter = 0;

  constructor(now: (() => Date) | undefined, newId: (() => string) | undefined) {
    this.#now = now ?? (() => new Date());
    this.#newId = newId;
  }

  /** Now, but never earlier than the last stamp: a clock set back does not reorder the board. */
  time(action: string): number {
    const now = instantOf(attempt('now()', action, this.#now), 'now()', action);
    // Only now, because a clock that uses the store moves its last stamp.
    this.#lastTime = Math.max(this.#lastTime, now);
    return this.#lastTime;
  }

  id(action: string): string {
    if (this.#newId !== undefined) return checkId(attempt('newId()', action, this.#newId), action);
    const now = Math.max(this.#lastTime, 0);
    if (now > this.#idTime) {
      this.#idTime = now;
      this.#counter = Math.floor((Math.random() * LAST_COUNTER) / 2);
    } else if (this.#counter === LAST_COUNTER) {
      this.#idTime++;
      this.#counter = 0;
    } else {
      this.#counter++;
    }
    return uuidAt(this.#idTime, this.#counter);
  }
}
