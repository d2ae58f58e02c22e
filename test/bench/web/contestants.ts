import { indexedDBMedium } from 'boardlite/indexeddb';
import { openSqliteStore } from 'boardlite/sqlite';
import { set } from 'idb-keyval';
import initSqlJs from 'sql.js';
import type { Entry } from '../boards.ts';
import { bareEngine, startSqlJs } from '../contestants/bare-engine.ts';
import { SqlSession, timeText } from '../contestants/sql-session.ts';

/** A board in a browser's storage: filled with some entries, then given more. */
export interface WebSession {
  publish(entry: Entry): Promise<unknown>;
}
export type WebContestant = (entries: readonly Entry[], schema: string) => Promise<WebSession>;

export const wasm = '/modules/sql.js/dist/sql-wasm.wasm';

function store(options: { durability?: 'relaxed' | 'strict'; isKept: boolean }): WebContestant {
  return async (entries) => {
    const { durability, isKept } = options;
    const medium = isKept ? { medium: indexedDBMedium(`board ${String(durability)}`), durability } : {};
    const board = await openSqliteStore({ wasm, ...medium });
    const draftOf = ({ type, payload, producedBy, correlationId, tags }: Entry) => ({
      ...{ type, payload, producedBy, correlationId, tags },
    });
    for (let from = 0; from < entries.length; from += 1000)
      await board.publishMany(entries.slice(from, from + 1000).map(draftOf));
    return { publish: (entry) => board.publish(draftOf(entry)) };
  };
}

const asDone = (transaction: IDBTransaction) =>
  new Promise<void>((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(transaction.error ?? new Error('aborted'));
  });

async function openStores(name: string, ...stores: string[]): Promise<IDBDatabase> {
  const request = indexedDB.open(name);
  request.onupgradeneeded = () => stores.forEach((each) => request.result.createObjectStore(each));
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error('not opened'));
  });
}

/** No more than keeping the entry. */
const put: WebContestant = async () => {
  const database = await openStores('put', 'entries');
  return {
    publish(entry) {
      const transaction = database.transaction('entries', 'readwrite', { durability: 'relaxed' });
      transaction.objectStore('entries').put(JSON.stringify(entry), entry.id);
      return asDone(transaction);
    },
  };
};

/** A log that several tabs can share in the plainest way: look where it ends, add a record, say where it ends now. */
const getAddPut: WebContestant = async () => {
  const database = await openStores('log', 'records', 'head');
  return {
    publish(entry) {
      const transaction = database.transaction(['records', 'head'], 'readwrite', { durability: 'relaxed' });
      const head = transaction.objectStore('head');
      const request = head.get('head');
      request.onsuccess = () => {
        const next = Number(request.result ?? 0) + 1;
        transaction.objectStore('records').add(JSON.stringify(entry), next);
        head.put(next, 'head');
      };
      return asDone(transaction);
    },
  };
};

/** What many do today: SQLite in memory, and all of it into IndexedDB after each write. */
const snapshots: WebContestant = async (entries, schema) => {
  const { Database } = await startSqlJs(initSqlJs, await (await fetch(wasm)).arrayBuffer());
  const database = new Database();
  database.exec(schema);
  const session = new SqlSession(bareEngine(database));
  session.load(entries);
  return {
    async publish(entry) {
      session.publish(entry);
      await set('snapshot', database.export());
    },
  };
};

const PUT = `INSERT INTO artifacts (artifact_id, canonical_type, payload, produced_by, correlation_id, tags, visibility,
  created_at, version, sequence, type) VALUES (?, ?, ?, ?, ?, ?, '{"kind":"Public"}', ?, 1, 1, ?)`;
const rowOf = ({ id, type, payload, producedBy, correlationId, tags, createdAt }: Entry) => [
  ...[id, type, JSON.stringify(payload), producedBy, correlationId, JSON.stringify(tags), timeText(createdAt), type],
];

const waSqlite: WebContestant = async (entries, schema) => {
  const { default: factory } = await import('modules/wa-sqlite/dist/wa-sqlite-async.mjs');
  const { Factory } = await import('modules/wa-sqlite/src/sqlite-api.js');
  const { IDBBatchAtomicVFS } = await import('modules/wa-sqlite/src/examples/IDBBatchAtomicVFS.js');
  const api = Factory(await factory());
  api.vfs_register(new IDBBatchAtomicVFS('wa-sqlite'), true);
  const database = await api.open_v2('board.db');
  await api.exec(database, schema);
  const prepared = await api.prepare_v2(database, api.str_value(api.str_new(database, PUT)));
  if (prepared === null) throw new Error('no statement');
  const publish = async (entry: Entry) => {
    api.bind_collection(prepared.stmt, rowOf(entry));
    await api.step(prepared.stmt);
    await api.reset(prepared.stmt);
  };
  await api.exec(database, 'BEGIN');
  for (const entry of entries) await publish(entry);
  await api.exec(database, 'COMMIT');
  return { publish };
};

const pglite: WebContestant = async (entries) => {
  const { PGlite } = await import('modules/@electric-sql/pglite/dist/index.js');
  const database = await PGlite.create('idb://pglite');
  await database.exec(
    'CREATE TABLE artifacts (id TEXT PRIMARY KEY, type TEXT, payload TEXT, produced_by TEXT, run TEXT, tags TEXT, created_at TEXT, kind TEXT)',
  );
  const text = 'INSERT INTO artifacts VALUES ($1, $2, $3, $4, $5, $6, $7, $8)';
  await database.transaction(async (transaction) => {
    for (const entry of entries) await transaction.query(text, rowOf(entry));
  });
  return { publish: (entry) => database.query(text, rowOf(entry)) };
};

/** In a worker: OPFS gives its handles to workers only. */
const sahpool: WebContestant = async (entries, schema) => {
  const worker = new Worker('/sahpool-worker.js', { type: 'module' });
  const ask = (message: unknown) =>
    new Promise<void>((resolve, reject) => {
      worker.onmessage = ({ data }) => (data === null ? resolve() : reject(new Error(String(data))));
      worker.postMessage(message);
    });
  await ask({ schema: `${schema};`, put: PUT, rows: entries.map(rowOf) });
  return { publish: (entry) => ask({ row: rowOf(entry) }) };
};

export const contestants: Readonly<Record<string, WebContestant>> = {
  'boardlite sqlite': store({ isKept: false }),
  'boardlite IndexedDB': store({ isKept: true, durability: 'relaxed' }),
  'boardlite IndexedDB strict': store({ isKept: true, durability: 'strict' }),
  'bare put': put,
  'bare get-add-put': getAddPut,
  'sql.js and a snapshot per write': snapshots,
  'wa-sqlite IDBBatchAtomicVFS': waSqlite,
  'PGlite idb': pglite,
  'sqlite-wasm opfs-sahpool': sahpool,
};
