import { v5, v7 } from 'uuid';
import { checkId } from './checks.ts';
import { InvalidArgumentError } from './errors.ts';
import { isWellFormed, quote } from './text.ts';
import { instantOf } from './time.ts';

const NAMESPACE = '0f2b9b7e-6c1d-4c0a-8f53-5d2f0b6f7a11';
const COUNTER_END = 0xffff_ffff;

/**
 * A stable id from a caller's own key: the same name gives the same UUID (version 5, RFC 9562) everywhere and for ever.
 * Publishing under it again replaces the artifact, so an agent can run twice without publishing twice.
 *
 * @throws InvalidArgumentError when the name is not a string, or holds a lone surrogate
 */
export function uuidFrom(name: string): string {
  if (typeof name !== 'string' || !isWellFormed(name)) {
    throw new InvalidArgumentError(
      `Cannot make a UUID from ${quote(name)}: the name must be a string without lone surrogates`,
    );
  }
  return v5(name, NAMESPACE);
}

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
    this.#lastTime = Math.max(this.#lastTime, instantOf(this.#now(), 'now()', action));
    return this.#lastTime;
  }

  id(action: string): string {
    if (this.#newId !== undefined) return checkId(this.#newId(), action);
    const now = Math.max(this.#lastTime, 0);
    if (now > this.#idTime) {
      this.#idTime = now;
      this.#counter = Math.floor(Math.random() * 2 ** 31);
    } else if (this.#counter === COUNTER_END) {
      this.#idTime++;
      this.#counter = 0;
    } else {
      this.#counter++;
    }
    return v7({ msecs: this.#idTime, seq: this.#counter });
  }
}
