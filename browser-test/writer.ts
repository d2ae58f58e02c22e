import type { SqliteStore, SqliteStoreOptions } from 'boardlite/sqlite';
import { EventEmitter, once } from 'node:events';
import type { ConsoleMessage, JSHandle, Page } from 'playwright-core';
import { expect } from 'vitest';

/** Who wrote to a board, and which calls of theirs must be there. */
export interface Written {
  readonly name: string;
  readonly acknowledged: ReadonlySet<number>;
}

/** Three of these make a record that the browser keeps in a file of its own. */
const LARGE = 20_000;

export type Durability = NonNullable<SqliteStoreOptions['durability']>;

/**
 * A tab that writes to a board until it is stopped, or ends. A call counts as acknowledged when it is known here: what a page
 * that has died knew is nobody's concern.
 */
export class Writer implements Written {
  readonly name: string;
  readonly page: Page;
  readonly acknowledged = new Set<number>();
  snapshots = 0;
  readonly #store: JSHandle<SqliteStore>;
  readonly #heard = new EventEmitter();
  #writing: Promise<void> = Promise.resolve();

  constructor(name: string, page: Page, store: JSHandle<SqliteStore>) {
    this.name = name;
    this.page = page;
    this.#store = store;
    page.on('console', this.#hear);
  }

  /**
   * Begins to write.
   *
   * @param withSnapshots takes one after the other beside
   * @param size so many letters has each artifact of every tenth call
   */
  start({ withSnapshots = false, size = LARGE }: { withSnapshots?: boolean; size?: number } = {}): void {
    this.#writing = this.#store.evaluate(
      async (store, given) => {
        document.title = 'writing';
        const mayGoOn = () => document.title === 'writing';
        const takeSnapshots = async () => {
          while (mayGoOn()) {
            await store.checkpoint();
            console.log(`${given.name}: snapshot`);
          }
        };
        const writing = lab.writeWhile(store, given.name, {
          mayCall: mayGoOn,
          textOf: (call) => lab.textOf(call % 10 === 9 ? given.size : 10),
          onAccepted: (call) => console.log(`${given.name}: ${String(call)}`),
        });
        await Promise.all([writing, given.withSnapshots && takeSnapshots()]);
      },
      { name: this.name, withSnapshots, size },
    );
    // That its page ends is known to those who end it; who waits for it is told of everything else.
    this.#writing.catch(() => undefined);
  }

  /** Waits until so many more of its calls were acknowledged, and snapshots taken. */
  async hears(calls: number, snapshots = 0): Promise<void> {
    const ended = this.#writing.then(() => Promise.reject(new Error(`${this.name} does not write`)));
    ended.catch(() => undefined);
    const goal = { calls: this.acknowledged.size + calls, snapshots: this.snapshots + snapshots };
    while (this.acknowledged.size < goal.calls || this.snapshots < goal.snapshots) {
      await Promise.race([once(this.#heard, 'call'), ended]);
    }
  }

  /** Lets it end what it does. */
  async stop(): Promise<void> {
    await this.page.evaluate(() => (document.title = 'stopped'));
    await this.#writing;
  }

  readonly #hear = (message: ConsoleMessage): void => {
    const [name, event] = message.text().split(': ');
    if (name !== this.name) return;
    if (event === 'snapshot') this.snapshots++;
    else this.acknowledged.add(Number(event));
    this.#heard.emit('call');
  };
}

export function openStore(page: Page, board: string, durability: Durability = 'relaxed') {
  return page.evaluateHandle(([name, how]) => lab.openStore(name, { durability: how }), [board, durability] as const);
}

/** What the next one who opens a board finds there. */
export interface Found {
  /** What was told at the opening. */
  readonly events: readonly string[];
  readonly adopted: number;
  readonly written: readonly { readonly calls: readonly number[]; readonly isWhole: boolean }[];
  readonly artifacts: number;
  readonly sequence: number;
  /** How many pages have left something that is not carried out. */
  readonly orphans: number;
}

/** Opens a board and closes it again, and expects everything that was acknowledged to be on it, once, and nothing by halves. */
export async function inspect(page: Page, board: string, writers: readonly Written[]): Promise<Found> {
  // Others may go on while it is looked at.
  const known = writers.map(({ name, acknowledged }) => ({ name, acknowledged: [...acknowledged] }));
  const found = await page.evaluate(
    async ({ board: name, names }) => {
      const events: string[] = [];
      let adopted = 0;
      const store = await lab.openStore(name, {
        onEvent: (event) => {
          events.push(event.type);
          if (event.type === 'orphan-adopted') adopted += event.writes;
        },
      });
      // Called in one go, they are answered from one and the same board.
      const [{ artifacts, sequence }, ...written] = await Promise.all([
        store.stats(),
        ...names.map((writer) => lab.callsOf(store, writer)),
      ]);
      await store.close();
      const medium = await lab.openMedium(name, { readOnly: true });
      const orphans = (await medium.orphans()).size;
      await medium.close();
      return { events, adopted, written, artifacts, sequence, orphans };
    },
    { board, names: known.map(({ name }) => name) },
  );
  const shown = known.map(({ name, acknowledged }, i) => {
    const { calls = [], isWhole } = found.written[i] ?? {};
    return { name, isWhole, calls, lost: acknowledged.filter((call) => !calls.includes(call)) };
  });
  // The first so many calls of each: none is left out that came before one that is there.
  expect(shown).toEqual(
    shown.map(({ name, calls }) => ({ name, isWhole: true, calls: calls.map((_, call) => call), lost: [] })),
  );
  const artifacts = 3 * shown.reduce((sum, { calls }) => sum + calls.length, 0);
  // An artifact that was published twice has had two sequences.
  expect(found).toMatchObject({ artifacts, sequence: artifacts, orphans: 0 });
  return found;
}

/** Writes to a board that nobody else writes to now, and expects whoever opens it next to see the same. */
export async function goOn(page: Page, board: string, name: string): Promise<Written & { readonly digest: string }> {
  const { acknowledged, digests } = await page.evaluate(
    async (given) => {
      const store = await lab.openStore(given.board);
      const acknowledged: number[] = [];
      await lab.write(store, given.name, 4, (call) => acknowledged.push(call));
      const fresh = await lab.openStore(given.board);
      const digests = [await lab.digestOf(store), await lab.digestOf(fresh)];
      await store.close();
      await fresh.close();
      return { acknowledged, digests };
    },
    { board, name },
  );
  const [digest = ''] = digests;
  expect(digests).toEqual([digest, digest]);
  expect(acknowledged).toHaveLength(4);
  return { name, acknowledged: new Set(acknowledged), digest };
}
