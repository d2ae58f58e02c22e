import { describe, expect, it, onTestFinished } from 'vitest';
import type { SqliteStoreOptions } from '../../src/sqlite/options.ts';
import { openSqliteStore } from '../../src/sqlite/sqlite-store.ts';
import { verifyBoard } from '../../src/sqlite/verify-board.ts';
import { databaseOf, failureOf, open } from './trial-store.ts';
import { TrialMedium } from './trial-medium.ts';

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
      medium.steps.length = 0;
      const error = await failureOf(openSqliteStore({ medium, readOnly }));
      expect(error).toMatchObject({ code, message: expect.stringMatching(message) as string });
      expect(error).toMatchObject({ message: expect.stringMatching(/^Cannot open the board/) as string });
      expect(medium.steps).toEqual(['open', 'load', 'close']);
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
      ['options must be an object, got [object Promise]', Promise.resolve({ medium: new TrialMedium() })],
      ['options must be an object, got []', []],
      ['"fallback" must be "memory"', { fallback: 'disk' }],
      ['"onProgress"', { onProgress: 1 }],
      ['"signal"', { signal: { addEventListener: () => undefined } }],
      [
        'reading the options failed',
        {
          get medium() {
            throw new Error('no');
          },
        },
      ],
    ];
    for (const [name, options] of wrong) {
      expect(await failureOf(openSqliteStore(options as SqliteStoreOptions))).toMatchObject({
        code: 'invalid-argument',
        message: expect.stringContaining(name) as string,
      });
    }
  });

  it('options that change afterwards count as they were', async () => {
    const bytes = await (await open()).exportBytes();
    const medium = new TrialMedium(bytes);
    const options = { medium, readOnly: true, onEvent: () => {} };
    const opening = openSqliteStore(options);
    options.readOnly = false;
    const store = await opening;
    expect([store.capabilities.writable, medium.openings.map(({ readOnly }) => readOnly)]).toEqual([false, [true]]);
    await store.close();
  });

  it('and a promise of the engine that nobody needs then harms nobody when it fails', async () => {
    const unhandled: unknown[] = [];
    const onUnhandled = (reason: unknown) => unhandled.push(reason);
    process.on('unhandledRejection', onUnhandled);
    onTestFinished(() => void process.off('unhandledRejection', onUnhandled));
    const lost = () => Promise.reject<Uint8Array<ArrayBuffer>>(new Error('offline'));
    await open();
    await open({ wasm: lost() });
    await failureOf(openSqliteStore({ wasm: lost(), durability: 'strict' }));
    await failureOf(openSqliteStore({ wasm: lost(), signal: AbortSignal.abort() }));
    await failureOf(verifyBoard({ medium: new TrialMedium(), wasm: lost(), signal: AbortSignal.abort() }));
    // Node tells of them once all that was asked for is done.
    await new Promise((resolve) => setTimeout(resolve));
    expect(unhandled).toEqual([]);
  });

  it('an opening that is aborted, with the reason given', async () => {
    const reason = new Error('enough');
    const medium = new TrialMedium();
    expect(await failureOf(openSqliteStore({ medium, signal: AbortSignal.abort(reason) }))).toBe(reason);
    expect(medium.steps).toEqual([]);
    for (const options of [{ medium }, {}]) {
      const controller = new AbortController();
      const opening = failureOf(openSqliteStore({ ...options, signal: controller.signal }));
      controller.abort(reason);
      expect(await opening).toBe(reason);
      expect(medium.count('open')).toBe(medium.count('close'));
    }
  });
});
