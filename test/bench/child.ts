import { readFileSync, writeSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { BoardData } from './boards.ts';
import type { Session } from './contestant.ts';
import { contestants } from './contestants/all.ts';
import { reads, writes } from './work.ts';

/** Holds one contestant's board and does work on it as it is told: a line of JSON in, a line of JSON out. */
const [name = '', size = '0', folder = ''] = process.argv.slice(2);
const data = new BoardData(Number(size));
const BATCH = 1000;

/** What this process has handed to the system to write: https://man7.org/linux/man-pages/man5/proc_pid_io.5.html */
function bytesWritten(): number | null {
  if (process.platform !== 'linux') return null;
  return Number(/^wchar: (\d+)$/m.exec(readFileSync('/proc/self/io', 'utf8'))?.[1]);
}

function answer(value: object): void {
  writeSync(1, `${JSON.stringify(value)}\n`);
}

async function load(): Promise<Session> {
  const contestant = await contestants[name]?.();
  if (contestant === undefined) throw new Error(`no contestant is called ${name}`);
  const session = await contestant.open(folder);
  await session.load(data.entries(0, 1));
  const coldStart = performance.now();
  let ms = 0;
  for (let from = 1; from < data.size; from += BATCH) {
    const entries = data.entries(from, Math.min(BATCH, data.size - from));
    const start = performance.now();
    await session.load(entries);
    ms += performance.now() - start;
  }
  for (let from = 0; from < data.size; from += BATCH) await session.consume?.(data.consumptions(from, BATCH));
  answer({ coldStart, load: ms });
  return session;
}

async function reopen(session: Session): Promise<Session> {
  const again = session.reopen?.bind(session);
  if (again === undefined) {
    answer({ sample: null });
    return session;
  }
  await session.close();
  const start = performance.now();
  const reopened = (await again()) as Session;
  answer({ sample: { ms: performance.now() - start, cpu: Number.NaN, calls: 1, found: 1 }, bytes: null });
  return reopened;
}

async function work(session: Session, what: string, first: number): Promise<void> {
  const task = [...reads, ...writes].find((each) => each.name === what);
  if (task === undefined) throw new Error(`no work is called ${what}`);
  const before = bytesWritten();
  const sample = await task.run(session, data, first);
  answer({ sample, bytes: before === null ? null : (bytesWritten() ?? 0) - before });
}

let session = await load();
for await (const line of createInterface({ input: process.stdin })) {
  const { what, first } = JSON.parse(line) as { what: string; first: number };
  // Before the board is closed, which may need more memory than the work did.
  if (what === 'end') answer({ peak: process.resourceUsage().maxRSS * 1024 });
  if (what === 'reopen') session = await reopen(session);
  else if (what !== 'end') await work(session, what, first);
}
await session.close();
process.exit(0);
