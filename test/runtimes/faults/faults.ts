import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Driver, Tab } from '../hosts/pages.ts';
import type { Site } from '../hosts/site.ts';
import type { Check, Checks } from '../program.ts';
import type { BoardFound, Calls, Told } from '../suite/faults.ts';
import { Undriven, type CommandOf } from './undriven.ts';

/** A browser in which things go wrong. */
export interface Engine {
  readonly driver: Driver;
  readonly site: Site;
  readonly commandOf: CommandOf;
  /** Whether what a page writes as it ends is carried out. */
  readonly keepsLastWrites: boolean;
}

/** Who wrote to a board, and which calls of theirs must be there. */
interface Written {
  readonly name: string;
  readonly accepted: Iterable<number>;
}

const WRITES = 1000;
const LEFT = 20;

/** What has to hold when things go wrong. */
export function faultsIn(engine: Engine): Checks {
  return { scope: 'faults', all: all(engine), sabotaged: sabotaged(engine) };
}

function all(engine: Engine): Check[] {
  return [
    ...[true, false].map((withLocks) => ({
      name: `two tabs that write 1,000 artifacts each lose none, and agree (${withLocks ? 'with' : 'without'} Web Locks)`,
      run: () => writeInTwoTabs(engine, withLocks),
      isLong: true,
    })),
    ...Object.entries(ENDINGS).map(([ending, end]) => ({
      name: `calls without an answer are carried out ${engine.keepsLastWrites ? 'once' : 'never'} when their page ${ending}`,
      run: () => leaveCalls(engine, ending, end),
      isLong: ending !== 'is closed',
    })),
    { name: 'a board that another tab deletes takes no more writes, and can be read', run: () => lose(engine) },
    {
      name: 'a board is all there when its browser has ended and starts again',
      run: () => startAgain(engine, 'relaxed', 1, (browser) => browser.quit()),
      isLong: true,
    },
    ...(
      [
        ['relaxed', 2],
        ['strict', 1],
      ] as const
    ).map(([durability, times]) => ({
      name: `a browser that is killed while two pages write loses nothing that was accepted (${durability})`,
      run: () => startAgain(engine, durability, times, (browser) => browser.kill()),
      isLong: true,
    })),
  ];
}

/** A write that is said to be accepted, and was never made. */
function sabotaged(engine: Engine): Check {
  const run = async () => {
    const tab = await openBoard(engine, 'sabotaged');
    await tab.call('begin', 'writer', 3);
    const found = (await tab.call('finish', ['writer'])) as BoardFound;
    checkWriters(found, [{ name: 'writer', accepted: [0, 1, 2, 3] }]);
  };
  return { name: 'a write that was never made', run };
}

type FaultTab = Tab<keyof Calls>;

async function openBoard({ driver, site }: Engine, board: string, withLocks = true): Promise<FaultTab> {
  const tab: FaultTab = await driver.open(`${site.origin}/faults`);
  await tab.call('openBoard', board, withLocks);
  return tab;
}

async function look({ driver, site }: Engine, board: string, writers: readonly string[]): Promise<BoardFound> {
  const tab: FaultTab = await driver.open(`${site.origin}/faults`);
  const found = (await tab.call('look', board, writers)) as BoardFound;
  await tab.close();
  return found;
}

/** Everything that was accepted is there, and it is the first so many calls of each, whole and once. */
function checkWriters({ writers, artifacts, sequence }: BoardFound, written: readonly Written[]): void {
  for (const [i, { name, accepted }] of written.entries()) {
    const { calls = [], isWhole = false } = writers[i] ?? {};
    assert.deepEqual(
      [...accepted].filter((call) => !calls.includes(call)),
      [],
      `${name}: accepted, and not there`,
    );
    assert.deepEqual(
      calls,
      calls.map((_, call) => call),
      `${name}: a call is left out that came before others`,
    );
    assert.ok(isWhole, `${name}: a call is there by halves`);
  }
  const all = 3 * writers.reduce((sum, { calls }) => sum + calls.length, 0);
  assert.deepEqual([artifacts, sequence], [all, all], 'artifacts that nobody published, or published twice');
}

async function writeInTwoTabs(engine: Engine, withLocks: boolean): Promise<void> {
  const board = `two tabs, locks: ${String(withLocks)}`;
  const names = ['one', 'other'];
  const calls = Math.ceil(WRITES / 3);
  const tabs = [await openBoard(engine, board, withLocks), await openBoard(engine, board, withLocks)];
  await Promise.all(tabs.map((tab, i) => tab.call('begin', names[i], calls)));
  // Each looks when it has written all of its own; then both have.
  for (const tab of tabs) await tab.call('finish', names);
  const founds: BoardFound[] = [];
  for (const tab of tabs) founds.push((await tab.call('finish', names)) as BoardFound);
  for (const tab of tabs) await tab.close();
  founds.push(await look(engine, board, names));
  for (const found of founds) {
    checkWriters(
      found,
      names.map((name) => ({ name, accepted: Array.from({ length: calls }, (_, call) => call) })),
    );
    assert.equal(found.digest, founds[0]?.digest, 'boards that differ');
  }
}

type Ending = (tab: FaultTab, site: Site) => Promise<void>;

const ENDINGS: Readonly<Record<string, Ending>> = {
  'goes to another page of its site': (tab, { origin }) => tab.go(`${origin}/empty`),
  'goes to another site': (tab, { elsewhere }) => tab.go(`${elsewhere}/empty`),
  'is loaded again': (tab, { origin }) => tab.go(`${origin}/faults`),
  'is closed': (tab) => tab.close(),
};

async function leaveCalls(engine: Engine, board: string, end: Ending): Promise<void> {
  const tab = await openBoard(engine, board);
  await tab.call('leave', 'page', LEFT);
  // Where another site comes next, browsers show it first and end the page then.
  const hasEnded = once(engine.site.told, 'told');
  await end(tab, engine.site);
  assert.deepEqual(await hasEnded, [{ hasEnded: true }]);
  const first = await look(engine, board, ['page']);
  const left = engine.keepsLastWrites ? LEFT : 0;
  // The last call named an artifact that is not there, and the first is carried out as well.
  assert.deepEqual(first.events, left === 0 ? [] : ['orphan-refused', `orphan-adopted ${String(left + 1)}`]);
  assert.deepEqual(
    first.writers[0]?.calls,
    Array.from({ length: left }, (_, call) => call),
  );
  assert.equal(first.artifacts, left === 0 ? 0 : 3 * left + 1);
  const second = await look(engine, board, ['page']);
  assert.deepEqual(second, { ...first, events: [] }, 'carried out a second time');
}

async function lose(engine: Engine): Promise<void> {
  const board = 'lost';
  const tab = await openBoard(engine, board);
  await tab.call('begin', 'writer', 3);
  await tab.call('finish', ['writer']);
  const other: FaultTab = await engine.driver.open(`${engine.site.origin}/faults`);
  await other.call('remove', board);
  const { code, artifacts, bytes } = (await tab.call('tryToWrite')) as Awaited<ReturnType<Calls['tryToWrite']>>;
  assert.equal(code, 'storage-lost');
  assert.equal(artifacts, 9);
  assert.ok(bytes > 0);
  const { artifacts: left } = await look(engine, board, []);
  assert.equal(left, 0);
  await tab.close();
  await other.close();
}

/** Ends a browser while two of its pages write, and looks at the board when it has started again; some times. */
async function startAgain(
  { site, commandOf }: Engine,
  durability: 'relaxed' | 'strict',
  times: number,
  end: (browser: Undriven) => Promise<void>,
): Promise<void> {
  const profile = await mkdtemp(join(tmpdir(), 'boardlite-profile-'));
  const written = new Map<string, Set<number>>();
  const founds: BoardFound[] = [];
  let failure: string | null = null;
  const listen = (told: Told) => {
    if ('accepted' in told) written.get(told.writer)?.add(told.accepted);
    else if ('found' in told) founds.push(told.found);
    else if ('error' in told) failure = told.error;
  };
  site.told.on('told', listen);
  const until = async (isSo: () => boolean) => {
    while (!isSo()) {
      if (failure !== null) throw new Error(failure);
      await once(site.told, 'told');
    }
  };
  const urlOf = (path: string, parameters: Readonly<Record<string, string | readonly string[]>>) => {
    const url = new URL(path, site.origin);
    for (const [name, values] of Object.entries(parameters))
      for (const value of [values].flat()) url.searchParams.append(name, value);
    return url.href;
  };
  let browser: Undriven | null = null;
  try {
    for (let round = 0; round < times; round++) {
      const names = [`one ${String(round)}`, `other ${String(round)}`];
      for (const name of names) written.set(name, new Set());
      const pages = names.map((writer) => urlOf('/faults', { board: 'kept', writer, durability }));
      browser = await Undriven.start(commandOf, profile, urlOf('/pages', { page: pages }));
      await until(() => names.every((name) => (written.get(name)?.size ?? 0) >= 10));
      await end(browser);

      const all = [...written.keys()];
      const url = urlOf('/faults', { board: 'kept', look: '', writer: all });
      browser = await Undriven.start(commandOf, profile, url);
      await until(() => founds.length > round);
      const found = founds[round];
      assert.ok(found);
      await browser.quit();
      checkWriters(
        found,
        all.map((name) => ({ name, accepted: written.get(name) ?? [] })),
      );
    }
  } finally {
    await browser?.kill();
    site.told.off('told', listen);
    await rm(profile, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  }
}
