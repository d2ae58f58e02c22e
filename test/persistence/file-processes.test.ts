import type { ChildProcess } from 'node:child_process';
import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execPath } from 'node:process';
import { createInterface } from 'node:readline';
import { describe, expect, it } from 'vitest';
import { fileMedium } from '../../src/file.ts';
import { openSqliteStore } from '../../src/sqlite.ts';
import { openDriver, rowsOf } from '../original/databases.ts';
import { childScript, ended, start } from './child.ts';
import { temporaryFolder } from './temporary-folder.ts';

const KILLS = 40;
const SNAPSHOTS = 12;
/** Longer than a few saves take, so that a kill hits any part of one. */
const LONGEST_MS = 25;

const saveForever = childScript('save-forever');
const saveOnDemand = childScript('save-on-demand');

/** Boards of different sizes, of which no part of one makes another. */
async function prepareSnapshots(folder: string): Promise<Uint8Array[]> {
  await mkdir(folder);
  const snapshots: Uint8Array[] = [];
  for (let i = 0; i < SNAPSHOTS; i++) {
    const store = await openSqliteStore();
    const filler = Array.from({ length: 400 }, (_, n) => (i * 31 + n).toString(36)).join('');
    const draft = { type: 'Round', producedBy: 'test', payload: { round: i, filler } };
    await store.publishMany(Array.from({ length: 100 + 50 * ((i * 5) % SNAPSHOTS) }, () => draft));
    const bytes = await store.exportBytes();
    await writeFile(join(folder, String(i)), bytes);
    snapshots.push(bytes);
    await store.close();
  }
  return snapshots;
}

async function firstLine(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => child.stdout?.once('data', () => resolve()));
}

describe('a process killed in the middle of its saves', () => {
  it(
    `leaves one saved snapshot, whole, the last one or the next, ${KILLS} times out of ${KILLS}`,
    { timeout: 120_000 },
    async () => {
      const folder = await temporaryFolder();
      const prepared = await prepareSnapshots(join(folder, 'prepared'));
      const path = join(folder, 'board', 'board.db');
      let next = 0;
      for (let kill = 0; kill < KILLS; kill++) {
        const child = start(execPath, [saveForever(), path, join(folder, 'prepared'), String(SNAPSHOTS), String(next)]);
        const end = ended(child);
        await Promise.race([firstLine(child), end]);
        await new Promise((resolve) => setTimeout(resolve, Math.random() * LONGEST_MS));
        child.kill('SIGKILL');
        const { signal, output } = await end;
        expect(signal, output).toBe('SIGKILL');

        const saved = output.trim().split('\n').map(Number);
        const last = saved.at(-1) ?? -1;
        const bytes = await readFile(path);
        const found = prepared.findIndex((snapshot) => Buffer.compare(snapshot, bytes) === 0);
        expect([last, (last + 1) % SNAPSHOTS]).toContain(found);
        const driver = await openDriver(bytes);
        expect(rowsOf(driver, 'PRAGMA integrity_check')).toEqual([['ok']]);
        driver.close();
        const store = await openSqliteStore({ medium: fileMedium(path), readOnly: true });
        expect(new Set((await store.list()).map(({ payload }) => payload['round']))).toEqual(new Set([found]));
        await store.close();
        next = (found + 1) % SNAPSHOTS;
      }
      const known = ['board.db', 'board.db.log', 'board.db.lock'];
      const remains = (await readdir(join(folder, 'board'))).filter((name) => !known.includes(name));
      expect(remains.length, 'no kill hit a save').toBeGreaterThan(0);
      expect(remains.filter((name) => !name.endsWith('.tmp'))).toEqual([]);
    },
  );
});

describe('two processes on one file', { timeout: 60_000 }, () => {
  it('are never both let in: the second is refused until the first has ended, killed or not', async () => {
    const path = join(await temporaryFolder(), 'board.db');
    await writeFile(path, 'start');
    const begin = () => {
      const child = start(execPath, [saveOnDemand(), path]);
      const lines = createInterface({ input: child.stdout ?? process.stdin })[Symbol.asyncIterator]();
      const answer = async () => String((await lines.next()).value);
      const save = (text: string) => (child.stdin?.write(`${text}\n`), answer());
      return { child, answer, save, end: () => (child.stdin?.end(), ended(child)) };
    };
    const one = begin();
    expect(await one.answer()).toBe('start');
    expect(await begin().answer()).toBe('locked');
    expect(await one.save('one 1')).toBe('saved');
    expect(await begin().answer()).toBe('locked');
    expect((await one.end()).code).toBe(0);
    const next = begin();
    expect(await next.answer()).toBe('one 1');
    expect(await next.save('next 1')).toBe('saved');
    const end = ended(next.child);
    next.child.kill('SIGKILL');
    await end;
    const last = begin();
    expect(await last.answer()).toBe('next 1');
    expect((await last.end()).code).toBe(0);
  });
});
