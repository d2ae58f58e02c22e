import { describe, expect, it, onTestFinished } from 'vitest';
import { QuotaError } from '../../src/core/errors.ts';
import { loadEngine } from '../../src/sqlite/load-engine.ts';
import type { SqliteStoreOptions } from '../../src/sqlite/options.ts';
import { openSqliteStore, type SqliteStore } from '../../src/sqlite/sqlite-store.ts';
import { SqlJsDriver } from '../../src/sqlite/sqljs-driver.ts';
import type { StoreEvent } from '../../src/sqlite/store-event.ts';
import { TrialMedium } from './trial-medium.ts';

const NOTE = { type: 'app.Note', producedBy: 'scout', payload: { text: 'hello' } };

async function open(options: SqliteStoreOptions = {}): Promise<SqliteStore> {
  const store = await openSqliteStore(options);
  onTestFinished(() => store.close().catch(() => undefined));
  return store;
}

const failureOf = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => 'it succeeded',
    (error: unknown) => error,
  );

async function databaseOf(bytes: Uint8Array | null): Promise<SqlJsDriver> {
  const driver = new SqlJsDriver(await loadEngine(), bytes ?? undefined);
  onTestFinished(() => {
    driver.close();
  });
  return driver;
}

async function countIn(bytes: Uint8Array | null): Promise<unknown> {
  return (await databaseOf(bytes)).all({ text: 'SELECT count(*) FROM artifacts', values: [] })[0]?.[0];
}

describe('a store without a medium', () => {
  it('keeps a board in memory and says so', async () => {
    const store = await open();
    const { id } = await store.publish(NOTE);
    expect((await store.get(id))?.payload).toEqual(NOTE.payload);
    expect(store.capabilities).toEqual({ durable: false, writable: true, sqlite: true });
    expect(await store.stats()).toMatchObject({
      artifacts: 1,
      sequence: 1,
      durability: 'none',
      log: null,
      lastCheckpoint: null,
    });
    expect((await store.stats()).bytes).toBeGreaterThan(4096);
    await store.flush();
  });

  it('has nothing to checkpoint', async () => {
    const store = await open();
    expect(await failureOf(store.checkpoint())).toMatchObject({
      code: 'unsupported',
      message: 'Cannot checkpoint: the store has no medium',
    });
  });

  it('shares nothing with another', async () => {
    const [one, other] = await Promise.all([open(), open()]);
    await one.publish(NOTE);
    expect(await other.list()).toEqual([]);
    expect((await one.stats()).epoch).not.toBe((await other.stats()).epoch);
  });

  it('gives its board as bytes, from which another opens', async () => {
    const store = await open();
    const before = await store.exportBytes();
    const { id } = await store.publish({ ...NOTE, tags: ['a'] });
    const medium = new TrialMedium(await store.exportBytes());
    expect(await countIn(before)).toBe(0);
    const other = await open({ medium });
    expect((await other.queryArtifacts({ tags: 'a' })).items).toEqual([await store.get(id)]);
    const { epoch, sequence } = await store.stats();
    expect(await other.stats()).toMatchObject({ epoch, sequence });
  });

  it('explains its queries', async () => {
    const store = await open();
    const { statements } = await store.explain({ typeNames: ['a', 'b'] }, { order: 'desc', limit: 5 });
    expect(statements.map(({ text }) => text)).toEqual([
      expect.stringMatching(/^SELECT .*UNION ALL/s),
      expect.stringMatching(/^SELECT count/),
    ]);
    expect(statements[0]?.plan.join('\n')).toMatch(
      /^MERGE \(UNION ALL\)\nLEFT\nSEARCH a USING INDEX artifacts_by_type/,
    );
    expect((await store.explain()).statements[0]?.plan).toEqual([
      'SEARCH a USING INDEX artifacts_by_time (created_at>?)',
    ]);
    expect((await store.explain({ ids: crypto.randomUUID() })).statements).toHaveLength(2);
    expect(await failureOf(store.explain({ tags: 1 } as never))).toMatchObject({ code: 'invalid-argument' });
  });
});

describe('a store on a medium', () => {
  it('starts a new board where there is none, and goes on with it the next time', async () => {
    const medium = new TrialMedium();
    const first = await open({ medium });
    expect(first.capabilities).toEqual({ durable: true, writable: true, sqlite: true });
    const artifact = await first.publish(NOTE);
    const { epoch } = await first.stats();
    await first.close();
    expect(medium.events).toEqual(['open', 'load', 'save', 'saved', 'close']);
    const second = await open({ medium });
    expect(await second.list()).toEqual([artifact]);
    expect(await second.stats()).toMatchObject({ epoch, sequence: 1, lastCheckpoint: null });
    expect((await second.publish(NOTE)).sequence).toBe(2);
  });

  it('saves only when something changed', async () => {
    const medium = new TrialMedium();
    const store = await open({ medium });
    await store.publish(NOTE);
    const before = Date.now();
    await store.flush();
    expect((await store.stats()).lastCheckpoint?.getTime()).toBeGreaterThanOrEqual(before);
    await store.flush();
    await store.checkpoint();
    await store.list();
    await store.close();
    expect(medium.events.filter((event) => event === 'save')).toHaveLength(1);
  });

  it.each<[string, (store: SqliteStore) => Promise<unknown>]>([
    ['flush', (store) => store.flush()],
    ['checkpoint', (store) => store.checkpoint()],
    ['close', (store) => store.close()],
  ])('saves with %s what every kind of write did', async (_, save) => {
    const medium = new TrialMedium();
    let store = await open({ medium });
    await store.close();
    const agent = {
      agentName: 'scout',
      description: '',
      subscriptions: [],
      outputTypes: [],
      labels: [],
      firstSeen: new Date(0),
      lastSeen: new Date(0),
      signature: '',
    };
    let artifactId = '';
    const writes: ((store: SqliteStore) => Promise<unknown>)[] = [
      async (each) => (artifactId = (await each.publish(NOTE)).id),
      (each) => each.publishMany([NOTE, NOTE]),
      (each) => each.recordConsumptions([{ artifactId, consumer: 'editor' }]),
      (each) => each.upsertAgentSnapshot(agent),
      (each) => each.clearAgentSnapshots(),
      (each) => each.deleteBefore(new Date('9999-01-01')),
      (each) => each.vacuum(),
    ];
    for (const write of writes) {
      medium.events.length = 0;
      store = await open({ medium });
      await write(store);
      await save(store);
      expect(medium.events.slice(0, 4)).toEqual(['open', 'load', 'save', 'saved']);
      await store.close();
    }
  });

  it('takes the board when flush is called, and lets later calls go on while it is written', async () => {
    const medium = new TrialMedium();
    medium.isHeld = true;
    const store = await open({ medium });
    void store.publish(NOTE);
    const flushed = store.flush();
    await store.publish(NOTE);
    expect(await store.list()).toHaveLength(2);
    const save = await medium.saveBegun(1);
    expect(await countIn(save.bytes)).toBe(1);
    save.finish();
    await flushed;
    expect(await countIn(medium.bytes)).toBe(1);
    medium.isHeld = false;
    await store.flush();
    expect(await countIn(medium.bytes)).toBe(2);
  });

  it('never has two saves under way, and calls at the same state share one', async () => {
    const medium = new TrialMedium();
    medium.isHeld = true;
    const store = await open({ medium });
    await store.publish(NOTE);
    const first = [store.flush(), store.flush(), store.checkpoint()];
    await store.publish(NOTE);
    const second = [store.flush(), store.checkpoint()];
    (await medium.saveBegun(1)).finish();
    await Promise.all(first);
    const next = await medium.saveBegun(2);
    expect(medium.events).toEqual(['open', 'load', 'save', 'saved', 'save']);
    next.finish();
    await Promise.all(second);
    expect(medium.pending).toHaveLength(2);
    expect(await countIn(medium.bytes)).toBe(2);
  });

  it('gives a failed save to those who asked for it, goes on, and saves all of it the next time', async () => {
    const medium = new TrialMedium();
    medium.isHeld = true;
    const store = await open({ medium });
    await store.publish(NOTE);
    const failing = Promise.all([failureOf(store.flush()), failureOf(store.checkpoint())]);
    const full = new QuotaError('full');
    (await medium.saveBegun(1)).fail(full);
    expect(await failing).toEqual([full, full]);
    expect((await store.stats()).lastCheckpoint).toBeNull();
    await store.publish(NOTE);
    medium.isHeld = false;
    await store.flush();
    expect(await countIn(medium.bytes)).toBe(2);
  });

  it('is not stopped by a save that failed before its own', async () => {
    const medium = new TrialMedium();
    medium.isHeld = true;
    const store = await open({ medium });
    await store.publish(NOTE);
    const first = failureOf(store.flush());
    await store.publish(NOTE);
    const second = store.flush();
    const full = new QuotaError('full');
    (await medium.saveBegun(1)).fail(full);
    expect(await first).toBe(full);
    (await medium.saveBegun(2)).finish();
    await second;
    expect(await countIn(medium.bytes)).toBe(2);
  });

  it('stays open when the save of its close fails, and can be closed again', async () => {
    const medium = new TrialMedium();
    medium.isHeld = true;
    const store = await open({ medium });
    await store.publish(NOTE);
    const closing = failureOf(store.close());
    const full = new QuotaError('full');
    (await medium.saveBegun(1)).fail(full);
    expect(await closing).toBe(full);
    await store.publish(NOTE);
    medium.isHeld = false;
    await store.close();
    expect(await countIn(medium.bytes)).toBe(2);
    expect(await failureOf(store.list())).toMatchObject({ code: 'closed' });
    expect(medium.events.at(-1)).toBe('close');
  });

  it('closes without a save when told so, and only when nothing would be lost', async () => {
    const medium = new TrialMedium();
    const store = await open({ medium });
    await store.publish(NOTE);
    expect(await failureOf(store.close({ checkpoint: false }))).toMatchObject({ code: 'unsupported' });
    expect(await store.list()).toHaveLength(1);
    void store.flush();
    await store.close({ checkpoint: false });
    expect(medium.events).toEqual(['open', 'load', 'save', 'saved', 'close']);
  });

  it('has no durability to offer before there is a log', async () => {
    const medium = new TrialMedium();
    for (const durability of ['strict', 'relaxed'] as const) {
      expect(await failureOf(openSqliteStore({ medium, durability }))).toMatchObject({ code: 'unsupported' });
      expect(await failureOf(openSqliteStore({ durability }))).toMatchObject({ code: 'unsupported' });
    }
    expect(medium.events).toEqual([]);
  });
});

describe('a store opened to read', () => {
  async function savedMedium(): Promise<TrialMedium> {
    const medium = new TrialMedium();
    const store = await open({ medium });
    await store.publish(NOTE);
    await store.close();
    medium.events.length = 0;
    return medium;
  }

  it('reads, refuses every write and saves nothing', async () => {
    const medium = await savedMedium();
    const store = await open({ medium, readOnly: true });
    expect(medium.openings.at(-1)).toMatchObject({ readOnly: true });
    expect(store.capabilities.writable).toBe(false);
    expect(await store.list()).toHaveLength(1);
    expect(await countIn(await store.exportBytes())).toBe(1);
    const refused = [
      store.publish(NOTE),
      store.publishMany([NOTE]),
      store.recordConsumptions([]),
      store.clearAgentSnapshots(),
      store.deleteBefore(new Date()),
      store.vacuum(),
      store.checkpoint(),
    ];
    for (const call of refused) expect(await failureOf(call)).toMatchObject({ code: 'read-only' });
    await store.flush();
    await store.close();
    expect(medium.events).toEqual(['open', 'load', 'close']);
  });

  it('is refused where nothing was ever saved, and saves nothing', async () => {
    const medium = new TrialMedium();
    const error = await failureOf(openSqliteStore({ medium, readOnly: true }));
    expect(error).toMatchObject({
      code: 'not-found',
      message: `Cannot open the board ${JSON.stringify(medium.name)}: there is none, and readOnly: true makes none`,
    });
    expect(medium.events).toEqual(['open', 'load', 'close']);
  });
});

describe('what cannot be opened is refused, and the medium is let go as it was', () => {
  async function made(script: string): Promise<Uint8Array> {
    const driver = await databaseOf(null);
    driver.script(script);
    return driver.exportBytes();
  }

  it.each<[string, () => Uint8Array | Promise<Uint8Array>, string, RegExp]>([
    ['no bytes', () => new Uint8Array(), 'not-a-board', /it is empty, 0 bytes/],
    [
      'some text',
      () => new TextEncoder().encode('{"artifacts":[]}'.repeat(500)),
      'not-a-board',
      /it is not a SQLite database/,
    ],
    ['an empty database', () => made('VACUUM'), 'not-a-board', /it is an empty SQLite database/],
    ['a database of another kind', () => made('CREATE TABLE notes (text)'), 'not-a-board', /"artifacts"/],
    [
      'a newer board',
      async () => {
        const driver = await databaseOf(await (await open()).exportBytes());
        driver.script('PRAGMA user_version = 2');
        return driver.exportBytes();
      },
      'newer-format',
      /version 2 .* versions up to 1/,
    ],
    ['a board cut short', async () => (await (await open()).exportBytes()).subarray(0, 20_000), 'corrupt', /damaged/],
    [
      'a board with a page of noise',
      async () => (await (await open()).exportBytes()).fill(0xa5, 8192, 12_288),
      'corrupt',
      /damaged/,
    ],
  ])('%s', async (_, make, code, message) => {
    const bytes = await make();
    const medium = new TrialMedium(bytes.slice());
    for (const readOnly of [false, true]) {
      medium.events.length = 0;
      const error = await failureOf(openSqliteStore({ medium, readOnly }));
      expect(error).toMatchObject({ code, message: expect.stringMatching(message) as string });
      expect(error).toMatchObject({ message: expect.stringMatching(/^Cannot open the board/) as string });
      expect(medium.events).toEqual(['open', 'load', 'close']);
    }
    expect(medium.bytes).toEqual(bytes);
  });

  it('an option that does not exist or makes no sense', async () => {
    const wrong: [string, unknown][] = [
      ['"mediun"', { mediun: new TrialMedium() }],
      ['"medium"', { medium: 'board.db' }],
      ['"durability"', { durability: 'none' }],
      ['"readOnly"', { readOnly: 1 }],
      ['"onEvent"', { onEvent: {} }],
      ['"now"', { now: 5 }],
      ['"types', { types: ['app.Note'] }],
      ['options must be an object', 5],
    ];
    for (const [name, options] of wrong) {
      expect(await failureOf(openSqliteStore(options as SqliteStoreOptions))).toMatchObject({
        code: 'invalid-argument',
        message: expect.stringContaining(name) as string,
      });
    }
  });

  it('an opening that is aborted, with the reason given', async () => {
    const reason = new Error('enough');
    const medium = new TrialMedium();
    expect(await failureOf(openSqliteStore({ medium, signal: AbortSignal.abort(reason) }))).toBe(reason);
    expect(medium.events).toEqual([]);
    const controller = new AbortController();
    const opening = failureOf(openSqliteStore({ medium, signal: controller.signal }));
    controller.abort(reason);
    expect(await opening).toBe(reason);
    expect(medium.events.filter((event) => event === 'open').length).toBe(
      medium.events.filter((event) => event === 'close').length,
    );
  });
});

describe('a row that cannot be read', () => {
  it('of a consumption is told of and left out of its envelope', async () => {
    const store = await open();
    const { id } = await store.publish(NOTE);
    await store.recordConsumptions([
      { artifactId: id, consumer: 'a' },
      { artifactId: id, consumer: 'b' },
    ]);
    const driver = await databaseOf(await store.exportBytes());
    driver.script(`UPDATE artifact_consumptions SET run_id = x'ff' WHERE consumer = 'a'`);
    const events: StoreEvent[] = [];
    const other = await open({ medium: new TrialMedium(driver.exportBytes()), onEvent: (event) => events.push(event) });
    const [envelope] = (await other.fetchGraphArtifacts()).items;
    expect(envelope?.consumptions.map(({ consumer }) => consumer)).toEqual(['b']);
    expect(events).toEqual([
      {
        type: 'unreadable',
        error: expect.objectContaining({ code: 'corrupt', message: expect.stringContaining(id) as string }) as Error,
      },
    ]);
  });

  it('is told of each time it is left out', async () => {
    const store = await open();
    const [broken, sound] = await store.publishMany([{ ...NOTE, tags: ['a'] }, NOTE]);
    const driver = await databaseOf(await store.exportBytes());
    driver.run({
      text: `UPDATE artifacts SET payload = '{', sequence = sequence + 10 WHERE artifact_id = ?`,
      values: [broken.id],
    });
    const events: StoreEvent[] = [];
    const other = await open({ medium: new TrialMedium(driver.exportBytes()), onEvent: (event) => events.push(event) });
    expect(await other.list()).toEqual([sound]);
    expect(await other.queryArtifacts({ tags: 'a' })).toEqual({ items: [], total: 1, nextCursor: null });
    expect(events).toEqual(
      [1, 2].map(() => ({
        type: 'unreadable',
        error: expect.objectContaining({
          code: 'corrupt',
          message: expect.stringContaining(broken.id) as string,
        }) as Error,
      })),
    );
    expect(await failureOf(other.get(broken.id))).toMatchObject({ code: 'corrupt' });
  });
});
