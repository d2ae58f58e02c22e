import { writeSync } from 'node:fs';
import { fileMedium } from '../../src/file.ts';
import { openSqliteStore } from '../../src/sqlite.ts';
import { wasm } from './engine.ts';

/** Publishes artifacts one by one, says when each is acknowledged, and ends without closing. */
const [path = '', durability = 'relaxed', count = '0'] = process.argv.slice(2);

const store = await openSqliteStore({
  wasm,
  medium: fileMedium(path),
  durability: durability === 'strict' ? 'strict' : 'relaxed',
});
const publish = (n: number) => store.publish({ type: 'test.Entry', payload: { n }, producedBy: 'writer' });

// The first write of a board brings the file as well.
await publish(0);
writeSync(1, 'ready\n');
for (let n = 1; n <= Number(count); n++) {
  await publish(n);
  writeSync(1, 'acknowledged\n');
}
process.kill(process.pid, 'SIGKILL');
