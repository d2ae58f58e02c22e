import { readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { uuidFrom } from '../../src/core/uuid.ts';
import { fileMedium } from '../../src/file.ts';
import type { Medium, OpenMedium } from '../../src/persistence/medium.ts';
import { openSqliteStore, type SqliteStore } from '../../src/sqlite.ts';
import { wasm } from './engine.ts';

/**
 * Counts what publishing writes to a file: per artifact into a small and into a large board, and in all over what the log
 * has to hold, in a run that writes ten times the snapshot. Prints one line of JSON.
 */
const [folder = ''] = process.argv.slice(2);

/** What this process has handed to the system to write: https://man7.org/linux/man-pages/man5/proc_pid_io.5.html */
function bytesWritten(): number {
  return Number(/^wchar: (\d+)$/m.exec(readFileSync('/proc/self/io', 'utf8'))?.[1]);
}

let logged = 0;

function counting(medium: Medium): Medium {
  return {
    name: medium.name,
    open: async (options) => {
      const opened: OpenMedium = await medium.open(options);
      const append = opened.append.bind(opened);
      opened.append = (number, record, durability) => {
        logged += record.length;
        return append(number, record, durability);
      };
      return opened;
    },
  };
}

const payload = (n: number) => ({ n, text: `entry ${String(n)} `.repeat(20) });

function publish(store: SqliteStore, first: number, count: number, batch: number): Promise<unknown> {
  const drafts = Array.from({ length: count }, (_, i) => ({
    id: uuidFrom(String(first + i)),
    type: 'test.Entry',
    payload: payload(first + i),
    producedBy: 'writer',
    tags: ['a', `tag ${String((first + i) % 10)}`],
  }));
  const batches = Array.from({ length: Math.ceil(count / batch) }, (_, i) => drafts.slice(i * batch, (i + 1) * batch));
  return batches.reduce<Promise<unknown>>(
    (before, each) => before.then(() => store.publishMany(each)),
    Promise.resolve(),
  );
}

async function perArtifact(size: number): Promise<number> {
  const store = await openSqliteStore({ wasm, medium: fileMedium(join(folder, `${String(size)}.db`)) });
  await publish(store, 0, size, 1000);
  await store.checkpoint();
  const before = bytesWritten();
  await publish(store, size, 1000, 1);
  const written = bytesWritten() - before;
  await store.close();
  return written / 1000;
}

async function amplification(): Promise<{ ratio: number; snapshots: number; checkpoints: number }> {
  let checkpoints = 0;
  const store = await openSqliteStore({
    wasm,
    medium: counting(fileMedium(join(folder, 'long.db'))),
    onProgress: ({ phase, done, total }) => (checkpoints += phase === 'save' && done === total ? 1 : 0),
  });
  await publish(store, 0, 5000, 1000);
  await store.checkpoint();
  const size = (await store.exportBytes()).length;
  checkpoints = 0;
  logged = 0;
  const before = bytesWritten();
  for (let n = 0; logged < 10 * size; n += 100) await publish(store, n % 20_000, 100, 10);
  await store.flush();
  const written = bytesWritten() - before;
  const snapshots = logged / size;
  await store.close();
  return { ratio: written / logged, snapshots, checkpoints };
}

const small = await perArtifact(100);
const large = await perArtifact(100_000);
writeSync(1, `${JSON.stringify({ small, large, ...(await amplification()) })}\n`);
