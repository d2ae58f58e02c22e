import { writeSync } from 'node:fs';
import { fileMedium } from '../../src/file.ts';
import { openSqliteStore } from '../../src/sqlite.ts';
import { wasm } from './engine.ts';
import { carryOut, look, operationsIn } from './operations.ts';

/**
 * Opens a board, prints what is there, and goes on with the operations until it is killed: several at a time, printing each
 * that is called and each that is acknowledged.
 */
const [path = '', durability = 'relaxed'] = process.argv.slice(2);

function print(message: object): void {
  writeSync(1, `${JSON.stringify(message)}\n`);
}

const events: string[] = [];
const store = await openSqliteStore({
  wasm,
  medium: fileMedium(path),
  durability: durability === 'strict' ? 'strict' : 'relaxed',
  onEvent: ({ type }) => events.push(type),
});
const found = await look(store);
print({ found, events });
let n = operationsIn(found);
for (;;) {
  const calls = Array.from({ length: 1 + (n % 4) }, async () => {
    const operation = ++n;
    print({ called: operation });
    await carryOut(operation, store);
    print({ acknowledged: operation });
  });
  if (n % 3 === 0) calls.push(store.checkpoint());
  await Promise.all(calls);
}
