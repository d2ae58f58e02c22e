import { beforeAll, describe, expect, it } from 'vitest';
import { importBundle, type BundleSource } from '../../src/bundle/import-bundle.ts';
import type { Pieces } from '../../src/bundle/pieces.ts';
import { entry } from '../../src/contract/samples.ts';
import { createMemoryStore } from '../../src/memory/memory-store.ts';
import { exported } from './bundles.ts';

let firstLine = '';

beforeAll(async () => {
  const store = createMemoryStore();
  await store.publish(entry(1));
  const text = await exported(store);
  firstLine = text.slice(0, text.indexOf('\n') + 1);
});

/** What a test waits for. */
function moment() {
  let arrive = () => {};
  const arrival = new Promise<void>((resolve) => (arrive = resolve));
  return { arrival, arrive: () => arrive() };
}

const never = new Promise<never>(() => {});
const failure = new Error('it cannot be let go');

function stream(stalls: () => void, letGo: () => unknown): ReadableStream<string> {
  return new ReadableStream<string>({
    start: (controller) => controller.enqueue(firstLine),
    pull: async () => {
      stalls();
      return never;
    },
    cancel: async () => {
      await letGo();
    },
  });
}

function iterator(stalls: () => void, letGo: () => Promise<unknown>, next: Promise<never>): AsyncIterable<string> {
  let isFirst = true;
  const results = {
    next: async (): Promise<IteratorResult<string>> => {
      if (isFirst) {
        isFirst = false;
        return { done: false, value: firstLine };
      }
      stalls();
      return next;
    },
    return: async (): Promise<IteratorResult<string>> => {
      await letGo();
      return { done: true, value: undefined };
    },
  };
  return { [Symbol.asyncIterator]: () => results };
}

/** Sources that give a line and then nothing. */
const sources: Readonly<Record<string, (stalls: () => void, letGo: () => void) => Pieces>> = {
  'a stream': stream,
  'a stream that fails when it is cancelled': (stalls, letGo) =>
    stream(stalls, () => {
      letGo();
      throw failure;
    }),
  'a stream that is never done with being cancelled': (stalls, letGo) =>
    stream(stalls, () => {
      letGo();
      return never;
    }),
  'an iterator': (stalls, letGo) => iterator(stalls, async () => letGo(), never),
  'an iterator that fails when it is returned, the piece that was waited for included': (stalls, letGo) => {
    let failNext: (error: Error) => void = () => {};
    const next = new Promise<never>((_, reject) => (failNext = reject));
    const fail = async () => {
      letGo();
      failNext(failure);
      throw failure;
    };
    return iterator(stalls, fail, next);
  },
};

const ways: Readonly<Record<string, (pieces: Pieces) => BundleSource>> = {
  'by itself': (pieces) => pieces,
  'by a function': (pieces) => () => pieces,
  'by a function that takes its time': (pieces) => async () => pieces,
};

describe('an import that is told to stop while its source is silent', { timeout: 10_000 }, () => {
  const reason = new Error('enough');

  describe.each(Object.entries(sources))('rejects at once, and lets go of %s', (_, open) => {
    it.each(Object.entries(ways))('that is given %s', async (_, give) => {
      const [stall, end] = [moment(), moment()];
      const abort = new AbortController();
      const source = give(open(stall.arrive, end.arrive));
      const importing = importBundle(createMemoryStore(), source, { signal: abort.signal });
      await stall.arrival;
      // Until then all that can go on has gone on.
      await new Promise((resolve) => setTimeout(resolve));
      abort.abort(reason);
      await expect(importing).rejects.toBe(reason);
      await end.arrival;
    });
  });

  it('rejects at once when nothing opens, and lets go of what opens then', async () => {
    const [call, opening, end] = [moment(), moment(), moment()];
    const abort = new AbortController();
    const source = async () => {
      call.arrive();
      await opening.arrival;
      return stream(() => {}, end.arrive);
    };
    const importing = importBundle(createMemoryStore(), source, { signal: abort.signal });
    await call.arrival;
    abort.abort(reason);
    await expect(importing).rejects.toBe(reason);
    opening.arrive();
    await end.arrival;
  });

  it('rejects at once when it was told before, opens nothing, and lets go of what is open', async () => {
    const signal = AbortSignal.abort(reason);
    const end = moment();
    const open = stream(() => {}, end.arrive);
    await expect(importBundle(createMemoryStore(), open, { signal })).rejects.toBe(reason);
    await end.arrival;
    let isOpened = false;
    const source = () => {
      isOpened = true;
      return [];
    };
    await expect(importBundle(createMemoryStore(), source, { signal })).rejects.toBe(reason);
    expect(isOpened).toBe(false);
  });
});
