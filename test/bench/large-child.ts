import { readFileSync, writeSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { crc32 } from 'node:zlib';
import { fileMedium } from 'boardlite/file';
import { openSqliteStore } from 'boardlite/sqlite';
import { BoardData } from './boards.ts';
import type { Session } from './contestant.ts';
import { contestants } from './contestants/all.ts';
import { StoreSession } from './contestants/boardlite.ts';
import { openEngine } from './contestants/sqljs.ts';
import { spreadOf } from './statistics.ts';

/** Measures one large board in a process of its own, and answers with the figures. */
const [what = '', size = '0', folder = ''] = process.argv.slice(2);
const data = new BoardData(Number(size), 400);
const figures: Record<string, number> = {};
const BATCH = 5000;
const ROUNDS = 7;
const WARM_UP = 40;

function answer(value: object): void {
  writeSync(1, `${JSON.stringify(value)}\n`);
}

async function time(name: string, work: () => unknown, rounds = 1): Promise<void> {
  const times: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const start = performance.now();
    await work();
    times.push(performance.now() - start);
  }
  figures[`${name} ms`] = spreadOf(times).median;
}

/** The most memory that the process has held so far; on Linux it can be forgotten: https://man7.org/linux/man-pages/man5/proc_pid_status.5.html */
function peak(): number {
  return Number(/^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]) * 1024;
}

async function fill(session: Session): Promise<void> {
  for (let from = 0; from < data.size; from += BATCH) {
    await session.load(data.entries(from, Math.min(BATCH, data.size - from)));
  }
}

async function read(session: StoreSession): Promise<void> {
  const { store } = session;
  const all = (cursor?: string) =>
    store.queryArtifacts({}, cursor === undefined ? { limit: 100, total: false } : { limit: 100, cursor });
  // Until the engine has compiled what it runs often.
  for (let page = 0; page < WARM_UP; page++) await all();
  await time('first page', () => all(), ROUNDS);
  const { nextCursor } = await store.queryArtifacts({}, { limit: 100, offset: data.size - 200, total: false });
  await time('last page', () => all(nextCursor ?? undefined), ROUNDS);
  const question = data.questionByProducer(7);
  const filter = { typeNames: question.type, producedBy: question.producedBy ?? '', start: new Date(question.start) };
  await time('filtered page', () => store.queryArtifacts(filter, { total: false }), ROUNDS);
  await time('summary', () => session.summary(), 3);
}

async function reopen(): Promise<void> {
  const path = join(folder, '..', 'boardlite-file', 'board.db');
  const open = () => openSqliteStore({ medium: fileMedium(path) });
  let store = await open();
  figures['peak bytes open'] = peak();
  await store.publish({ type: 'bench.Last', payload: {}, producedBy: 'bench' });
  await time('checkpoint', () => store.checkpoint());
  figures['peak bytes checkpoint'] = peak();
  await store.close();
  for (let round = 0; round < 3; round++) {
    await time('reopen', async () => (store = await open()));
    await store.close();
    await time('load and checksum', () => load(path));
  }
}

/** What nobody can do without: the bytes are read, looked at once, and handed to the engine, which reads a row. */
async function load(path: string): Promise<void> {
  const bytes = await readFile(path);
  crc32(bytes);
  const engine = await openEngine(bytes);
  engine.prepare('SELECT artifact_id FROM artifacts LIMIT 1').rows([]);
  engine.close();
}

async function measure(): Promise<void> {
  if (what === 'boardlite file reopened') return reopen();
  const session = await (await contestants[what]?.())?.open(folder);
  if (session === undefined) throw new Error(`no contestant is called ${what}`);
  await time('fill', () => fill(session));
  if (session instanceof StoreSession) await read(session);
  else await time('summary', () => session.summary?.(), 3);
  await time('close', () => (session instanceof StoreSession ? session.store.close() : session.close()));
}

await measure();
answer({ coldStart: 0, load: 0 });
for await (const line of createInterface({ input: process.stdin })) {
  answer(line.includes('"end"') ? { peak: null } : figures);
}
