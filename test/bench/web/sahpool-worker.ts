import init from 'modules/@sqlite.org/sqlite-wasm/dist/index.mjs';
import type { Statement } from '@sqlite.org/sqlite-wasm';

interface Message {
  readonly schema?: string;
  readonly put?: string;
  readonly rows?: readonly unknown[][];
  readonly row?: readonly unknown[];
}

let statement: Statement | null = null;

async function open({ schema = '', put = '', rows = [] }: Message): Promise<void> {
  const sqlite3 = await init();
  const { OpfsSAHPoolDb } = await sqlite3.installOpfsSAHPoolVfs({ name: 'bench', clearOnInit: true });
  const database = new OpfsSAHPoolDb('/board.db');
  database.exec(schema);
  statement = database.prepare(put);
  database.exec('BEGIN');
  for (const row of rows) insert(row);
  database.exec('COMMIT');
}

function insert(row: readonly unknown[]): void {
  statement?.bind(row).step();
  statement?.reset();
}

self.onmessage = async ({ data }: MessageEvent<Message>) => {
  try {
    if (data.row === undefined) await open(data);
    else insert(data.row);
    self.postMessage(null);
  } catch (error) {
    self.postMessage(String(error));
  }
};
