import type { Driver, Row, SqlValue } from '../../src/sql/driver.ts';
import { loadEngine } from '../../src/sqlite/load-engine.ts';
import { SqlJsDriver } from '../../src/sqlite/sqljs-driver.ts';
import { onTestFinished } from 'vitest';

/** A database for one test, empty unless it starts from bytes. */
export async function openDriver(bytes?: Uint8Array): Promise<SqlJsDriver> {
  const driver = new SqlJsDriver(await loadEngine(), bytes);
  onTestFinished(() => driver.close());
  return driver;
}

export function rowsOf(driver: Driver, text: string, ...values: SqlValue[]): Row[] {
  return driver.all({ text, values });
}

/** Everything that a database holds, for comparing: its schema and the rows of every table. */
export function contentOf(driver: Driver): Record<string, Row[]> {
  const schema = rowsOf(driver, 'SELECT type, name, sql FROM sqlite_master ORDER BY name');
  const tables = schema.filter(([type]) => type === 'table').map(([, name]) => String(name));
  return {
    schema,
    ...Object.fromEntries(tables.map((table) => [table, rowsOf(driver, `SELECT * FROM "${table}"`)])),
    header: ['application_id', 'user_version'].map((pragma) => rowsOf(driver, `PRAGMA ${pragma}`)[0] ?? []),
  };
}

/** A database of the original at version 3, as its code leaves it, without rows. */
export const ORIGINAL_SCHEMA = `
  CREATE TABLE schema_meta (id INTEGER PRIMARY KEY CHECK (id = 1), version INTEGER NOT NULL,
    applied_at TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP);
  INSERT INTO schema_meta (id, version, applied_at) VALUES (1, 3, '2025-10-01 00:00:00');
  CREATE TABLE artifacts (artifact_id TEXT PRIMARY KEY, type TEXT NOT NULL, canonical_type TEXT NOT NULL,
    produced_by TEXT NOT NULL, payload TEXT NOT NULL, version INTEGER NOT NULL, visibility TEXT NOT NULL,
    tags TEXT NOT NULL, correlation_id TEXT, partition_key TEXT, created_at TEXT NOT NULL);
  CREATE INDEX idx_artifacts_canonical_type_created ON artifacts(canonical_type, created_at);
  CREATE INDEX idx_artifacts_produced_by_created ON artifacts(produced_by, created_at);
  CREATE INDEX idx_artifacts_correlation ON artifacts(correlation_id);
  CREATE INDEX idx_artifacts_partition ON artifacts(partition_key);
  CREATE TABLE artifact_consumptions (artifact_id TEXT NOT NULL, consumer TEXT NOT NULL, run_id TEXT, correlation_id TEXT,
    consumed_at TEXT NOT NULL, PRIMARY KEY (artifact_id, consumer, consumed_at));
  CREATE INDEX idx_consumptions_artifact ON artifact_consumptions(artifact_id);
  CREATE INDEX idx_consumptions_consumer ON artifact_consumptions(consumer);
  CREATE INDEX idx_consumptions_correlation ON artifact_consumptions(correlation_id);
  CREATE TABLE agent_snapshots (agent_name TEXT PRIMARY KEY, description TEXT NOT NULL, subscriptions TEXT NOT NULL,
    output_types TEXT NOT NULL, labels TEXT NOT NULL, first_seen TEXT NOT NULL, last_seen TEXT NOT NULL,
    signature TEXT NOT NULL);`;

/** An id with a number at its end. */
export function idOf(number: number): string {
  return `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;
}

export function insertArtifact(driver: Driver, id: string, createdAt: SqlValue, tags = '[]'): void {
  driver.run({
    text: `INSERT INTO artifacts (artifact_id, type, canonical_type, produced_by, payload, version, visibility, tags, created_at)
      VALUES (?, 'Note', 'Note', 'agent', '{}', 1, '{"kind": "Public"}', ?, ?)
      ON CONFLICT (artifact_id) DO UPDATE SET tags = excluded.tags, created_at = excluded.created_at`,
    values: [id, tags, createdAt],
  });
}

export function insertConsumption(
  driver: Driver,
  artifactId: string,
  consumedAt: SqlValue,
  { consumer = 'agent', runId = null, correlationId = null }: Partial<Record<string, string | null>> = {},
): void {
  driver.run({
    text: `INSERT OR REPLACE INTO artifact_consumptions (artifact_id, consumer, run_id, correlation_id, consumed_at)
      VALUES (?, ?, ?, ?, ?)`,
    values: [artifactId, consumer, runId, correlationId, consumedAt],
  });
}
