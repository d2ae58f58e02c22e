import type { StoredAgentSnapshot, StoredArtifact, StoredConsumption } from '../core/fact.ts';
import { formatInstant } from '../core/time.ts';
import { statement, type Statement } from './driver.ts';
import {
  AGENT_CELLS,
  AGENT_COLUMNS,
  agentRow,
  ARTIFACT_CELLS,
  ARTIFACT_COLUMNS,
  artifactRow,
  CONSUMPTION_CELLS,
  CONSUMPTION_COLUMNS,
  consumptionRow,
} from './rows.ts';
import { ORIGINAL_INDEXES, OWN_INDEXES, TABLES, TRIGGERS } from './schema.ts';
import { isTime } from './selection.ts';

function upsert(table: string, columns: readonly string[], key: string): string {
  // A payload may come as bytes, see artifactRow.
  const places = columns.map((column) => (column === 'payload' ? 'CAST(? AS TEXT)' : '?')).join(', ');
  const updates = columns.filter((column) => column !== key).map((column) => `${column} = excluded.${column}`);
  return `INSERT INTO ${table} (${columns.join(', ')}) VALUES (${places}) ON CONFLICT (${key}) DO UPDATE SET ${updates.join(', ')}`;
}

const PUT_ARTIFACT = upsert('artifacts', [...ARTIFACT_COLUMNS, 'type', 'created_at_original'], 'artifact_id');
const PUT_AGENT = upsert('agent_snapshots', AGENT_COLUMNS, 'agent_name');
const PUT_CONSUMPTION = `INSERT INTO artifact_consumptions (${CONSUMPTION_COLUMNS.join(', ')}, sequence) VALUES (?, ?, ?, ?, ?, ?)`;

const OWN_NAMES = [...ORIGINAL_INDEXES, ...OWN_INDEXES, ...TRIGGERS].flatMap(
  (text) => /IF NOT EXISTS (\w+)/.exec(text)?.[1] ?? [],
);

/** A rule of somebody else's that a row can break: a trigger, or an index without duplicates. */
export const findForeignRule = statement(
  `SELECT name FROM sqlite_master
    WHERE tbl_name IN (SELECT value FROM json_each(?)) AND name NOT IN (SELECT value FROM json_each(?))
      AND (type = 'trigger' OR (type = 'index' AND sql LIKE 'CREATE UNIQUE %'))
    LIMIT 1`,
  JSON.stringify(Object.keys(TABLES)),
  JSON.stringify(OWN_NAMES),
);

export const readState = statement('SELECT sequence, epoch FROM board_state');

export function writeState(epoch: string, sequence: number): Statement {
  return statement('UPDATE board_state SET epoch = ?, sequence = ?', epoch, sequence);
}

export function getReceipt(writer: string): Statement {
  return statement('SELECT last_call FROM board_receipts WHERE writer = ?', writer);
}

export function putReceipt(writer: string, call: number): Statement {
  return statement('INSERT OR REPLACE INTO board_receipts (writer, last_call) VALUES (?, ?)', writer, call);
}

export function startState(epoch: string): Statement {
  return statement('INSERT INTO board_state (id, epoch, sequence) VALUES (1, ?, 0)', epoch);
}

/** The tag rows of an artifact that it replaces go by a trigger; the new ones are to be put. */
export function putArtifact(artifact: StoredArtifact): Statement {
  return statement(PUT_ARTIFACT, ...artifactRow(artifact), artifact.type, null);
}

export function putTag(tag: string, { createdAt, id }: StoredArtifact): Statement {
  return statement(
    'INSERT OR IGNORE INTO artifact_tags (tag, created_at, artifact_id) VALUES (?, ?, ?)',
    tag,
    formatInstant(createdAt),
    id,
  );
}

export function putConsumption(consumption: StoredConsumption, sequence: number): Statement {
  return statement(PUT_CONSUMPTION, ...consumptionRow(consumption), sequence);
}

export function putAgent(snapshot: StoredAgentSnapshot): Statement {
  return statement(PUT_AGENT, ...agentRow(snapshot));
}

export const clearAgents = statement('DELETE FROM agent_snapshots');

/** Times that cannot be read are before none: rows that have them stay. */
const BEFORE = `created_at < ? AND ${isTime('created_at')}`;

export function deleteConsumptionsBefore(instant: number): Statement {
  return statement(
    `DELETE FROM artifact_consumptions WHERE artifact_id IN (SELECT artifact_id FROM artifacts WHERE ${BEFORE})`,
    formatInstant(instant),
  );
}

/** The tag rows of the artifacts go by a trigger. */
export function deleteArtifactsBefore(instant: number): Statement {
  return statement(`DELETE FROM artifacts WHERE ${BEFORE}`, formatInstant(instant));
}

export function countBefore(instant: number): Statement {
  return statement(`SELECT count(*) FROM artifacts WHERE ${BEFORE}`, formatInstant(instant));
}

export function findId(id: string): Statement {
  return statement('SELECT 1 FROM artifacts WHERE artifact_id = ?', id);
}

export function findTypeName(name: string): Statement {
  return statement('SELECT 1 FROM artifacts WHERE canonical_type = ? LIMIT 1', name);
}

export function listIdsOfType(name: string): Statement {
  return statement('SELECT artifact_id FROM artifacts WHERE canonical_type = ?', name);
}

/** Rows for a consumption by the same agent, in the same run and the same millisecond: files keep microseconds. */
export function findConsumption({ artifactId, consumer, runId, consumedAt }: StoredConsumption): Statement {
  const millisecond = formatInstant(consumedAt).slice(0, 23);
  return statement(
    `SELECT 1 FROM artifact_consumptions WHERE artifact_id = ? AND consumer = ?
      AND (run_id IS NULL) = ? AND ifnull(run_id, '') = ? AND consumed_at BETWEEN ? AND ? LIMIT 1`,
    artifactId,
    consumer,
    runId === null ? 1 : 0,
    runId ?? '',
    `${millisecond}000+00:00`,
    `${millisecond}999+00:00`,
  );
}

export function getArtifact(id: string): Statement {
  return statement(`SELECT ${ARTIFACT_CELLS} FROM artifacts AS a WHERE a.artifact_id = ?`, id);
}

export function publishedSince(sequence: number, limit: number): Statement {
  return statement(
    `SELECT ${ARTIFACT_CELLS} FROM artifacts AS a WHERE a.sequence > ? ORDER BY a.sequence LIMIT ?`,
    sequence,
    limit === Infinity ? -1 : limit,
  );
}

export function consumptionsOf(ids: readonly string[]): Statement {
  return statement(
    `SELECT ${CONSUMPTION_CELLS} FROM json_each(?) AS wanted
      CROSS JOIN artifact_consumptions AS c ON c.artifact_id = wanted.value`,
    JSON.stringify(ids),
  );
}

export const findAgent = statement('SELECT 1 FROM agent_snapshots LIMIT 1');

export const listAgents = statement(`SELECT ${AGENT_CELLS} FROM agent_snapshots AS s ORDER BY s.agent_name`);

/** The original leaves the consumptions of what it deletes; nobody sees them, so they do not count. */
export const countRows = statement(
  `SELECT (SELECT count(*) FROM artifacts), (SELECT count(*) FROM artifact_consumptions
    WHERE artifact_id IN (SELECT artifact_id FROM artifacts)), (SELECT count(*) FROM agent_snapshots)`,
);

/** Rows of an index: name, table, whether it is unique, whether it is partial, its columns as a JSON array. */
export const listIndexes = statement(
  `SELECT l.name, m.name, l."unique", l.partial,
    (SELECT json_group_array(ifnull(c.name, '(expression)')) FROM pragma_index_info(l.name) AS c), i.sql
    FROM sqlite_master AS m, pragma_index_list(m.name) AS l LEFT JOIN sqlite_master AS i ON i.name = l.name
    WHERE m.type = 'table' ORDER BY m.name, l.name`,
);

export const countPages = statement('SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()');
