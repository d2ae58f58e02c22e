import { describe, expect, it, onTestFinished } from 'vitest';
import { StorageDeniedError, UnsupportedError } from '../../src/core/errors.ts';
import { openSqliteStore } from '../../src/sqlite/sqlite-store.ts';
import type { StoreEvent } from '../../src/sqlite/store-event.ts';
import { databaseOf, failureOf, NOTE, open, until } from './trial-store.ts';
import { TrialMedium } from './trial-medium.ts';

const denied = new StorageDeniedError('Cannot open the board: not here');

/** Collects what would otherwise end the process. */
function collectUncaught(): unknown[] {
  const uncaught: unknown[] = [];
  const listeners = process.listeners('uncaughtException');
  process.removeAllListeners('uncaughtException');
  process.on('uncaughtException', (error) => uncaught.push(error));
  onTestFinished(() => {
    process.removeAllListeners('uncaughtException');
    for (const listener of listeners) process.on('uncaughtException', listener);
  });
  return uncaught;
}

describe('what a medium tells', () => {
  it('is handed on, while it is opened and afterwards', async () => {
    const medium = new TrialMedium();
    const events: StoreEvent[] = [];
    const store = await open({ medium, onEvent: (event) => events.push(event) });
    const told: StoreEvent[] = [
      { type: 'lock-taken-over', holder: 'process 7' },
      { type: 'storage-pressure', usage: 9, quota: 10 },
    ];
    medium.openings[0]?.onEvent?.({ type: 'lock-taken-over', holder: 'process 7' });
    await store.publish(NOTE);
    medium.openings[0]?.onEvent?.({ type: 'storage-pressure', usage: 9, quota: 10 });
    expect(events).toEqual(told);
  });
});

describe('a medium that may not be used', () => {
  it('is an error, unless memory will do: then it is told, and shows', async () => {
    const medium = new TrialMedium();
    const events: StoreEvent[] = [];
    medium.fail('open', denied);
    expect(await failureOf(openSqliteStore({ medium }))).toBe(denied);
    medium.fail('open', denied);
    const store = await open({
      medium,
      fallback: 'memory',
      durability: 'strict',
      onEvent: (event) => events.push(event),
    });
    expect(events).toEqual([{ type: 'memory-fallback', error: denied }]);
    expect(store.capabilities).toEqual({ durable: false, writable: true, sqlite: true });
    const artifact = await store.publish(NOTE);
    expect(await store.list()).toEqual([artifact]);
    expect(await store.stats()).toMatchObject({ durability: 'none', log: null });
    await store.close();
    expect(medium.steps).toEqual(['open', 'open']);
  });

  it('is the one reason for memory: any other failure is an error', async () => {
    const medium = new TrialMedium();
    const other = new UnsupportedError('something else');
    for (const step of ['open', 'load'] as const) {
      medium.fail(step, other);
      expect(await failureOf(openSqliteStore({ medium, fallback: 'memory' }))).toBe(other);
    }
    const damaged = new TrialMedium((await (await open()).exportBytes()).subarray(0, 5000));
    expect(await failureOf(openSqliteStore({ medium: damaged, fallback: 'memory' }))).toMatchObject({
      code: 'corrupt',
    });
  });
});

describe('a listener that throws', () => {
  it('is reported uncaught each time, and changes nothing of what a call comes to', async () => {
    const uncaught = collectUncaught();
    const medium = new TrialMedium();
    medium.fail('open', denied);
    const thrown: Error[] = [];
    const fail = () => {
      const error = new Error(`listener ${String(thrown.length)}`);
      thrown.push(error);
      throw error;
    };
    const store = await open({ medium, fallback: 'memory', onEvent: fail, onOperation: fail });
    const artifact = await store.publish(NOTE);
    expect(await failureOf(store.get('no id'))).toMatchObject({ code: 'invalid-argument' });
    expect(await store.list()).toEqual([artifact]);
    expect((await store.stats()).operations).toMatchObject({ publish: { count: 1, errors: 0 }, get: { errors: 1 } });
    await until(() => uncaught.length === thrown.length);
    expect(uncaught).toEqual(thrown);
    expect(thrown).toHaveLength(5);
  });

  it('of progress is reported as well, and the board opens', async () => {
    const uncaught = collectUncaught();
    const medium = new TrialMedium();
    const first = await open({ medium });
    const artifact = await first.publish(NOTE);
    await first.close({ checkpoint: false });
    // How often it is told depends on how fast the machine is; each time counts.
    const thrown: Error[] = [];
    const store = await open({
      medium,
      onProgress: () => {
        const failure = new Error(`progress ${String(thrown.length)}`);
        thrown.push(failure);
        throw failure;
      },
    });
    expect(await store.list()).toEqual([artifact]);
    await until(() => uncaught.length === thrown.length);
    expect(thrown.length).toBeGreaterThan(0);
    expect(uncaught).toEqual(thrown);
  });

  it('of rows that cannot be read is reported as well, and the others are listed', async () => {
    const uncaught = collectUncaught();
    const first = await open();
    const [broken, sound] = await first.publishMany([NOTE, NOTE]);
    const driver = await databaseOf(await first.exportBytes());
    driver.run({ text: `UPDATE artifacts SET payload = '{' WHERE artifact_id = ?`, values: [broken.id] });
    const failure = new Error('unreadable');
    const store = await open({
      medium: new TrialMedium(driver.exportBytes()),
      onEvent: ({ type }) => {
        if (type === 'unreadable') throw failure;
      },
    });
    expect((await store.list()).map(({ id }) => id)).toEqual([sound.id]);
    await until(() => uncaught.length > 0);
    expect(uncaught).toEqual([failure]);
  });
});
