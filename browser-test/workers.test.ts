import type { Worker } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { useBrowser } from './suite.ts';

const tabs = useBrowser();

describe('a worker that is terminated while it writes', () => {
  it.each(['relaxed', 'strict'] as const)('loses nothing that it said was accepted (%s)', async (durability) => {
    for (let round = 0; round < 3; round++) {
      const page = await tabs.open();
      const board = `terminated ${durability} ${String(round)}`;
      const starting = page.waitForEvent('worker');
      const writer = await page.evaluateHandle(() => {
        const accepted: number[] = [];
        const worker = new Worker('/page.js', { type: 'module' });
        worker.onmessage = ({ data }) => accepted.push(Number(data));
        return { worker, accepted };
      });
      await writeForever(await starting, board, durability);
      const accepted = await writer.evaluate(
        async ({ worker, accepted }, least) => {
          while (accepted.length < least) await new Promise((resolve) => setTimeout(resolve));
          worker.terminate();
          return [...accepted];
        },
        10 + Math.floor(Math.random() * 20),
      );
      const found = await page.evaluate(async (name) => {
        const store = await lab.openStore(name);
        await lab.write(store, 'page', 3, () => undefined);
        return { worker: await lab.callsOf(store, 'worker'), page: await lab.callsOf(store, 'page') };
      }, board);
      expect(found.worker).toMatchObject({ calls: expect.arrayContaining(accepted) as number[], isWhole: true });
      expect(found.page).toEqual({ calls: [0, 1, 2], isWhole: true });
      await page.close();
    }
  });
});

/** Has the worker write, take snapshots, and tell its page what was accepted, until somebody ends it. */
async function writeForever(worker: Worker, board: string, durability: 'relaxed' | 'strict'): Promise<void> {
  await worker.evaluate(
    ([name, mode]) => {
      // Chromium 150 loses the answer of a worker that starts to write before it has answered; nothing here waits for one.
      void (async () => {
        while (typeof lab === 'undefined') await new Promise((resolve) => setTimeout(resolve, 1));
        const store = await lab.openStore(name, { durability: mode });
        void lab.write(store, 'worker', Infinity, (call) => {
          postMessage(call);
        });
        for (;;) await store.checkpoint();
      })();
    },
    [board, durability] as const,
  );
}

it('a lock that others steal again and again keeps nobody from writing and saving, and loses nothing', async () => {
  const [page, other, thief] = [await tabs.open(), await tabs.open(), await tabs.open('/empty')];
  const writers = await Promise.all(
    [page, other].map((tab) => tab.evaluateHandle(() => lab.openStore('stolen', { durability: 'strict' }))),
  );
  await thief.evaluate(() => {
    const names = ['boardlite:stolen save'];
    const steal = (): void => {
      for (const name of names) {
        // What it holds is stolen as well, by its next request.
        navigator.locks.request(name, { steal: true }, () => undefined).catch(() => undefined);
      }
      setTimeout(steal);
    };
    steal();
  });
  await Promise.all(
    writers.map((writer, i) =>
      writer.evaluate(
        async (store, name) => {
          for (let round = 0; round < 8; round++) {
            await Promise.all([lab.write(store, `${name} ${String(round)}`, 5, () => undefined), store.checkpoint()]);
          }
        },
        `writer ${String(i)}`,
      ),
    ),
  );
  const fresh = await page.evaluateHandle(() => lab.openStore('stolen'));
  const digests = await Promise.all(
    [...writers, fresh].map((store) =>
      store.evaluate(async (it) => {
        await it.refresh();
        return lab.digestOf(it);
      }),
    ),
  );
  expect(digests[0]).toMatch(/^240 artifacts/);
  expect(new Set(digests).size).toBe(1);
});

describe('storage that is not to be evicted', () => {
  it('is asked for when that is wanted, and not otherwise', async () => {
    const page = await tabs.open();
    const asked = await page.evaluate(async () => {
      let count = 0;
      navigator.storage.persist = () => {
        count++;
        return Promise.resolve(false);
      };
      await lab.startBoard('not asked', 1);
      const before = count;
      await lab.startBoard('asked', 1, { persist: true });
      return [before, count];
    });
    expect(asked).toEqual([0, 1]);
  });

  it.each(['is refused', 'fails', 'cannot be asked for'])(
    'and %s does not keep a board from being used',
    async (how) => {
      const page = await tabs.open();
      const content = await page.evaluate(async (what) => {
        const storage =
          what === 'cannot be asked for'
            ? undefined
            : {
                persist: () => (what === 'fails' ? Promise.reject(new Error('no')) : Promise.resolve(false)),
                estimate: () => Promise.reject(new Error('no')),
              };
        Object.defineProperty(navigator, 'storage', { value: storage });
        const { medium, history } = await lab.startBoard(what, 2, { persist: true, onEvent: () => undefined });
        await medium.save(history.snapshot());
        return lab.contentOf(medium);
      }, how);
      expect(content).toMatchObject({ number: 2, records: [] });
    },
  );
});
