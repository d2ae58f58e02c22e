import { describe, expect, it } from 'vitest';
import { Turns, type Turn } from '../../src/core/turns.ts';

/** A promise that a test settles. */
function held<T = void>() {
  let resolve: (value: T) => void = () => {};
  let reject: (error: unknown) => void = () => {};
  const promise = new Promise<T>((onResolve, onReject) => {
    resolve = onResolve;
    reject = onReject;
  });
  return { promise, resolve, reject };
}

/** Lets everything that can go on go on. */
async function settled(): Promise<void> {
  for (let i = 0; i < 20; i++) await Promise.resolve();
}

describe('a step with nothing to wait for', () => {
  it('runs at once, inside the call', async () => {
    const turns = new Turns();
    let ran = false;
    const result = turns.take(() => {
      ran = true;
      return 'done';
    });
    expect(ran).toBe(true);
    await expect(result).resolves.toBe('done');
  });

  it('runs at once again after others have ended, well or not', async () => {
    const turns = new Turns();
    const failure = new Error('no');
    await expect(
      turns.take(() => {
        throw failure;
      }),
    ).rejects.toBe(failure);
    await expect(turns.take(() => Promise.reject(failure))).rejects.toBe(failure);
    await turns.take(() => Promise.resolve());
    await settled();
    let ran = false;
    void turns.take(() => {
      ran = true;
    });
    expect(ran).toBe(true);
  });

  it('ends before another that is asked for meanwhile begins, whether it ends well or not', async () => {
    const turns = new Turns();
    const log: string[] = [];
    const inner = (name: string) => void turns.take(() => log.push(name));
    const first = turns.take(() => {
      inner('after the first');
      log.push('first');
    });
    const second = turns.take(() => {
      inner('after the second');
      log.push('second');
      throw new Error('no');
    });
    expect(log).toEqual(['first', 'after the first', 'second', 'after the second']);
    await first;
    await expect(second).rejects.toThrow('no');
  });

  it('gives what its promise gives', async () => {
    await expect(new Turns().take(() => Promise.resolve(7))).resolves.toBe(7);
  });
});

describe('steps', () => {
  it('come in the order they were asked for, slow preparations included', async () => {
    const turns = new Turns();
    const log: string[] = [];
    const slow = held();
    const slower = held();
    const results = [
      turns.take(() => log.push('a'), slow.promise),
      turns.take(() => log.push('b'), slower.promise),
      turns.take(() => log.push('c')),
    ];
    slower.resolve();
    await settled();
    expect(log).toEqual([]);
    slow.resolve();
    await expect(Promise.all(results)).resolves.toEqual([1, 2, 3]);
    expect(log).toEqual(['a', 'b', 'c']);
  });

  it('do not overlap when they take their time', async () => {
    const turns = new Turns();
    const log: string[] = [];
    const gates = [held(), held()];
    const results = gates.map(({ promise }, i) =>
      turns.take(async () => {
        log.push(`begin ${String(i)}`);
        await promise;
        log.push(`end ${String(i)}`);
      }),
    );
    const last = turns.take(() => log.push('last'));
    gates[1]?.resolve();
    await settled();
    expect(log).toEqual(['begin 0']);
    gates[0]?.resolve();
    await Promise.all([...results, last]);
    expect(log).toEqual(['begin 0', 'end 0', 'begin 1', 'end 1', 'last']);
  });

  it('wait for one that takes its time, also when their preparation ends in the meantime', async () => {
    const turns = new Turns();
    const log: string[] = [];
    const gate = held();
    const preparation = held();
    const first = turns.take(() => gate.promise.then(() => log.push('first')));
    const second = turns.take(() => log.push('second'), preparation.promise);
    preparation.resolve();
    await settled();
    expect(log).toEqual([]);
    gate.resolve();
    await Promise.all([first, second]);
    expect(log).toEqual(['first', 'second']);
  });

  it('go on after one that failed, in whatever way', async () => {
    const turns = new Turns();
    const gate = held();
    const failure = new Error('no');
    const results = [
      turns.take(() => 'before', gate.promise),
      turns.take(() => {
        throw failure;
      }),
      turns.take(() => Promise.reject(failure)),
      turns.take(() => 'after'),
    ];
    gate.resolve();
    const outcomes = await Promise.allSettled(results);
    expect(outcomes).toEqual([
      { status: 'fulfilled', value: 'before' },
      { status: 'rejected', reason: failure },
      { status: 'rejected', reason: failure },
      { status: 'fulfilled', value: 'after' },
    ]);
  });
});

describe('a preparation that fails', () => {
  it('fails its call with its own reason and frees the place', async () => {
    const turns = new Turns();
    const log: string[] = [];
    const failure = new Error('no');
    const preparation = held();
    const first = turns.take(() => log.push('first'), preparation.promise);
    const second = turns.take(() => log.push('second'));
    preparation.reject(failure);
    await expect(first).rejects.toBe(failure);
    await expect(second).resolves.toBe(1);
    expect(log).toEqual(['second']);
  });

  it('behind others leaves their order as it was', async () => {
    const turns = new Turns();
    const log: string[] = [];
    const slow = held();
    const first = turns.take(() => log.push('first'), slow.promise);
    const second = turns.take(() => log.push('second'), Promise.reject(new Error('no')));
    const third = turns.take(() => log.push('third'));
    await expect(second).rejects.toThrow('no');
    expect(log).toEqual([]);
    slow.resolve();
    await Promise.all([first, third]);
    expect(log).toEqual(['first', 'third']);
  });
});

describe('a signal', () => {
  const reason = new Error('enough');

  it('that is aborted before the call ends it at once: the step never runs', async () => {
    const turns = new Turns();
    let ran = false;
    const step = () => {
      ran = true;
    };
    await expect(turns.take(step, undefined, AbortSignal.abort(reason))).rejects.toBe(reason);
    await expect(turns.take(step, Promise.resolve(), AbortSignal.abort(reason))).rejects.toBe(reason);
    // The preparation of a call that has ended is nobody's failure any more.
    await expect(turns.take(step, Promise.reject(new Error('late')), AbortSignal.abort(reason))).rejects.toBe(reason);
    await settled();
    expect(ran).toBe(false);
    await expect(turns.take(() => 'next')).resolves.toBe('next');
  });

  it('that is aborted before the call leaves those alone that wait', async () => {
    const turns = new Turns();
    const gate = held();
    const first = turns.take(() => 'first', gate.promise);
    const second = turns.take(() => 'second');
    await expect(turns.take(() => 'third', undefined, AbortSignal.abort(reason))).rejects.toBe(reason);
    gate.resolve();
    await expect(Promise.all([first, second])).resolves.toEqual(['first', 'second']);
  });

  it('ends a call that waits behind another, and lets the others be', async () => {
    const turns = new Turns();
    const log: string[] = [];
    const gate = held();
    const controller = new AbortController();
    const first = turns.take(() => log.push('first'), gate.promise);
    const second = turns.take(() => log.push('second'), undefined, controller.signal);
    const third = turns.take(() => log.push('third'));
    controller.abort(reason);
    await expect(second).rejects.toBe(reason);
    expect(log).toEqual([]);
    gate.resolve();
    await Promise.all([first, third]);
    expect(log).toEqual(['first', 'third']);
  });

  it('ends a call whose preparation never ends, and lets later ones go at once', async () => {
    const turns = new Turns();
    const controller = new AbortController();
    const log: string[] = [];
    const first = turns.take(() => log.push('first'), held().promise, controller.signal);
    const second = turns.take(() => log.push('second'));
    controller.abort(reason);
    expect(log).toEqual(['second']);
    await expect(first).rejects.toBe(reason);
    await expect(second).resolves.toBe(1);
  });

  it('ends a call whose preparation ends later without running its step', async () => {
    const turns = new Turns();
    const controller = new AbortController();
    const preparation = held();
    let ran = false;
    const call = turns.take(
      () => {
        ran = true;
      },
      preparation.promise,
      controller.signal,
    );
    controller.abort(reason);
    preparation.resolve();
    await expect(call).rejects.toBe(reason);
    await settled();
    expect(ran).toBe(false);
  });

  it('that ended a call leaves the others in their places when its preparation fails as well', async () => {
    const turns = new Turns();
    const log: string[] = [];
    const gate = held();
    const preparation = held();
    const controller = new AbortController();
    const first = turns.take(() => log.push('first'), gate.promise);
    const failing = turns.take(() => log.push('failing'), preparation.promise, controller.signal);
    const last = turns.take(() => log.push('last'));
    controller.abort(reason);
    preparation.reject(new Error('late'));
    await expect(failing).rejects.toBe(reason);
    await settled();
    gate.resolve();
    await Promise.all([first, last]);
    expect(log).toEqual(['first', 'last']);
  });

  it('does not stop a step that has begun', async () => {
    const turns = new Turns();
    const controller = new AbortController();
    const gate = held<string>();
    const call = turns.take(() => gate.promise, undefined, controller.signal);
    controller.abort(reason);
    gate.resolve('done');
    await expect(call).resolves.toBe('done');
  });

  it('that aborts inside a step changes nothing for it', async () => {
    const controller = new AbortController();
    const call = new Turns().take(
      () => {
        controller.abort(reason);
        return 'done';
      },
      undefined,
      controller.signal,
    );
    await expect(call).resolves.toBe('done');
  });

  it('is let go once the step begins, or the call fails', async () => {
    const turns = new Turns();
    const { signal } = new AbortController();
    const listeners = new Map<unknown, string>();
    signal.addEventListener = (event: string, listener: unknown) => void listeners.set(listener, event);
    signal.removeEventListener = (event: string, listener: unknown) => {
      if (listeners.get(listener) === event) listeners.delete(listener);
    };
    const preparations = [held(), held()];
    const calls = preparations.map(({ promise }) => turns.take(() => 'done', promise, signal));
    expect(listeners.size).toBe(2);
    preparations[0]?.reject(new Error('no'));
    await expect(calls[0]).rejects.toThrow('no');
    expect(listeners.size).toBe(1);
    preparations[1]?.resolve();
    await calls[1];
    expect(listeners.size).toBe(0);
    await expect(turns.take(() => 'done', undefined, signal)).resolves.toBe('done');
    expect(listeners.size).toBe(0);
  });
});

describe('turns that a subclass rules over', () => {
  /** Turns that go on only with those of one tag. */
  class TaggedTurns extends Turns {
    open: unknown;

    protected override isNext(turn: Turn): boolean {
      return super.isNext(turn) && turn.tag === this.open;
    }

    goOn(tag: unknown): void {
      this.open = tag;
      this.proceed();
    }

    get tags(): unknown[] {
      return this.waiting.map(({ tag }) => tag);
    }
  }

  it('wait with their tags, in order, until they may go on', async () => {
    const turns = new TaggedTurns();
    const log: string[] = [];
    const preparation = held();
    const results = [
      turns.take(() => log.push('a'), undefined, undefined, 'write'),
      turns.take(() => log.push('b'), undefined, undefined, 'write'),
      turns.take(() => log.push('c')),
      turns.take(() => log.push('d'), preparation.promise),
    ];
    expect(turns.tags).toEqual(['write', 'write', undefined, undefined]);
    expect(log).toEqual([]);
    turns.goOn('write');
    expect(log).toEqual(['a', 'b']);
    expect(turns.tags).toEqual([undefined, undefined]);
    turns.goOn(undefined);
    expect(log).toEqual(['a', 'b', 'c']);
    preparation.resolve();
    await expect(Promise.all(results)).resolves.toEqual([1, 2, 3, 4]);
  });
});
