interface Turn {
  ready: boolean;
  readonly run: () => Promise<void> | undefined;
  readonly fail: (error: unknown) => void;
}

/**
 * Carries out steps one after the other, in the order they were asked for. A step whose preparation is slow keeps its
 * place and makes later ones wait. With nothing to wait for, the step runs at once, inside the call.
 */
export class Turns {
  readonly #waiting: Turn[] = [];
  #running = false;

  /**
   * @param step carried out when all earlier steps have ended and `preparation` has resolved
   * @param preparation when it rejects, so does the call, and its place is free
   * @param signal ends the wait with `signal.reason`; a step that has begun is not stopped
   */
  take<T>(step: () => T | Promise<T>, preparation?: Promise<unknown>, signal?: AbortSignal): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const leave = (reason: unknown) => {
        signal?.removeEventListener('abort', onAbort);
        const place = this.#waiting.indexOf(turn);
        if (place !== -1) this.#waiting.splice(place, 1);
        reject(reason);
        this.#proceed();
      };
      const onAbort = () => {
        leave(signal?.reason);
      };
      const turn: Turn = {
        ready: preparation === undefined,
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
        this.#proceed();
      }, leave);
      if (signal?.aborted === true) {
        onAbort();
        return;
      }
      signal?.addEventListener('abort', onAbort);
      this.#waiting.push(turn);
      this.#proceed();
    });
  }

  #proceed(): void {
    while (!this.#running && this.#waiting[0]?.ready === true) {
      const turn = this.#waiting.shift();
      if (turn !== undefined) this.#carryOut(turn);
    }
  }

  #carryOut(turn: Turn): void {
    // Also while a step runs at once: a listener that it calls can ask for another.
    this.#running = true;
    try {
      const running = turn.run();
      if (running !== undefined) {
        void running.catch(turn.fail).finally(() => {
          this.#running = false;
          this.#proceed();
        });
        return;
      }
    } catch (error) {
      turn.fail(error);
    }
    this.#running = false;
  }
}
