/** A step that waits for its turn. */
export interface Turn {
  ready: boolean;
  /** What a subclass attached to it. */
  readonly tag: unknown;
  readonly run: () => Promise<void> | undefined;
  readonly fail: (error: unknown) => void;
}

/**
 * Carries out steps one after the other, in the order they were asked for. A step whose preparation is slow keeps its
 * place and makes later ones wait. With nothing to wait for, the step runs at once, inside the call.
 */
export class Turns {
  protected readonly waiting: Turn[] = [];
  protected running = false;

  /**
   * @param step carried out when all earlier steps have ended and `preparation` has resolved
   * @param preparation when it rejects, so does the call, and its place is free
   * @param signal ends the wait with `signal.reason`; a step that has begun is not stopped
   */
  take<T>(step: () => T | Promise<T>, preparation?: Promise<unknown>, signal?: AbortSignal, tag?: unknown): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const leave = (reason: unknown) => {
        const place = this.waiting.indexOf(turn);
        // Too late: it has begun, or has left already.
        if (place === -1) return;
        signal?.removeEventListener('abort', onAbort);
        this.waiting.splice(place, 1);
        reject(reason);
        this.proceed();
      };
      const onAbort = () => {
        leave(signal?.reason);
      };
      const turn: Turn = {
        ready: preparation === undefined,
        tag,
        run: () => {
          signal?.removeEventListener('abort', onAbort);
          const result = step();
          if (result instanceof Promise) return result.then(resolve);
          resolve(result);
          return undefined;
        },
        fail: reject,
      };
      preparation?.then(() => {
        turn.ready = true;
        this.proceed();
      }, leave);
      this.waiting.push(turn);
      signal?.addEventListener('abort', onAbort);
      if (signal?.aborted === true) onAbort();
      else this.proceed();
    });
  }

  protected proceed(): void {
    for (let turn = this.waiting[0]; !this.running && turn && this.isNext(turn); turn = this.waiting[0]) {
      this.waiting.shift();
      this.#carryOut(turn);
    }
  }

  /** Whether the first turn that waits can be carried out now. */
  protected isNext(turn: Turn): boolean {
    return turn.ready;
  }

  #carryOut(turn: Turn): void {
    // Also while a step runs at once: a listener that it calls can ask for another.
    this.running = true;
    try {
      const running = turn.run();
      if (running !== undefined) {
        void running.catch(turn.fail).finally(() => {
          this.running = false;
          this.proceed();
        });
        return;
      }
    } catch (error) {
      turn.fail(error);
    }
    this.running = false;
  }
}
