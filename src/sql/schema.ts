/** Marks a SQLite file as a board of ours in its header: "bdlt". */
export const APPLICATION_ID = 0x62646c74;
/** The version of what we add to the original's tables, kept in `PRAGMA user_version`. */
export const BOARD_VERSION = 1;
/** The original's own version of its tables. */
export const ORIGINAL_VERSION = 3;

/** The original's tables, to the letter, but for the primary key that consumptions lose to {@link IDENTITY_INDEX}. */
export const TABLES = {
  schema_meta: `CREATE TABLE IF NOT EXISTS schema_meta (
    id INTEGER PRIMARY KEY CHECK (id = 1), version INTEGER NOT NULL, applied_at TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP)`,
  artifacts: `CREATE TABLE IF NOT EXISTS artifacts (
    artifact_id TEXT PRIMARY KEY, type TEXT NOT NULL, canonical_type TEXT NOT NULL, produced_by TEXT NOT NULL,
    payload TEXT NOT NULL, version INTEGER NOT NULL, visibility TEXT NOT NULL, tags TEXT NOT NULL,
    correlation_id TEXT, partition_key TEXT, created_at TEXT NOT NULL)`,
  artifact_consumptions: `CREATE TABLE IF NOT EXISTS artifact_consumptions (
    artifact_id TEXT NOT NULL, consumer TEXT NOT NULL, run_id TEXT, correlation_id TEXT, consumed_at TEXT NOT NULL)`,
  agent_snapshots: `CREATE TABLE IF NOT EXISTS agent_snapshots (
    agent_name TEXT PRIMARY KEY, description TEXT NOT NULL, subscriptions TEXT NOT NULL, output_types TEXT NOT NULL,
    labels TEXT NOT NULL, first_seen TEXT NOT NULL, last_seen TEXT NOT NULL, signature TEXT NOT NULL)`,
} as const;

/** The original's indexes, to the letter. */
export const ORIGINAL_INDEXES = [
  'CREATE INDEX IF NOT EXISTS idx_artifacts_canonical_type_created ON artifacts(canonical_type, created_at)',
  'CREATE INDEX IF NOT EXISTS idx_artifacts_produced_by_created ON artifacts(produced_by, created_at)',
  'CREATE INDEX IF NOT EXISTS idx_artifacts_correlation ON artifacts(correlation_id)',
  'CREATE INDEX IF NOT EXISTS idx_artifacts_partition ON artifacts(partition_key)',
  'CREATE INDEX IF NOT EXISTS idx_consumptions_artifact ON artifact_consumptions(artifact_id)',
  'CREATE INDEX IF NOT EXISTS idx_consumptions_consumer ON artifact_consumptions(consumer)',
  'CREATE INDEX IF NOT EXISTS idx_consumptions_correlation ON artifact_consumptions(correlation_id)',
] as const;

/**
 * What we add to the original's tables. A null `sequence` says: somebody else wrote this row, and what we derive from it
 * is to be renewed. `created_at_original` keeps the text that a normalised time replaced.
 */
export const OWN_COLUMNS = [
  { table: 'artifacts', column: 'sequence', type: 'INTEGER' },
  { table: 'artifacts', column: 'created_at_original', type: 'TEXT' },
  { table: 'artifact_consumptions', column: 'sequence', type: 'INTEGER' },
] as const;

/**
 * Tags as rows, in the board's order per tag, so that a filter by tag is a walk along an index; and how far the calls of each
 * store that shares the board are known to have ended, so that what a page leaves as it ends is never carried out twice.
 */
export const OWN_TABLES = [
  `CREATE TABLE IF NOT EXISTS artifact_tags (
    tag TEXT NOT NULL, created_at TEXT NOT NULL, artifact_id TEXT NOT NULL,
    PRIMARY KEY (tag, created_at, artifact_id)) WITHOUT ROWID`,
  `CREATE TABLE IF NOT EXISTS board_state (
    id INTEGER PRIMARY KEY CHECK (id = 1), epoch TEXT NOT NULL, sequence INTEGER NOT NULL)`,
  'CREATE TABLE IF NOT EXISTS board_receipts (writer TEXT PRIMARY KEY, last_call INTEGER NOT NULL) WITHOUT ROWID',
] as const;

/** What makes two consumptions one. The original's INSERT OR REPLACE goes by it as well. */
export const IDENTITY_INDEX = `CREATE UNIQUE INDEX IF NOT EXISTS consumptions_identity
  ON artifact_consumptions(artifact_id, consumer, run_id IS NULL, ifnull(run_id, ''), consumed_at)`;

/** One per way to drive a page in the board's order, and one per question "what is to be renewed". */
export const OWN_INDEXES = [
  IDENTITY_INDEX,
  'CREATE INDEX IF NOT EXISTS artifacts_by_time ON artifacts(created_at, artifact_id)',
  'CREATE INDEX IF NOT EXISTS artifacts_by_type ON artifacts(canonical_type, created_at, artifact_id)',
  'CREATE INDEX IF NOT EXISTS artifacts_by_producer ON artifacts(produced_by, created_at, artifact_id)',
  `CREATE INDEX IF NOT EXISTS artifacts_by_correlation ON artifacts(correlation_id, created_at, artifact_id)
    WHERE correlation_id IS NOT NULL`,
  `CREATE INDEX IF NOT EXISTS artifacts_by_partition ON artifacts(partition_key, created_at, artifact_id)
    WHERE partition_key IS NOT NULL`,
  'CREATE INDEX IF NOT EXISTS artifacts_stale ON artifacts(artifact_id) WHERE sequence IS NULL',
  'CREATE INDEX IF NOT EXISTS consumptions_stale ON artifact_consumptions(artifact_id) WHERE sequence IS NULL',
] as const;

const DROP_OLD_TAGS = `DELETE FROM artifact_tags
    WHERE created_at = OLD.created_at AND artifact_id = OLD.artifact_id
      AND tag IN (SELECT value FROM json_each(CASE WHEN json_valid(OLD.tags) THEN OLD.tags ELSE '[]' END))`;

/**
 * Keep what we derive true, or known to be stale, while the original's statements write to the file. Every write of ours
 * gives an artifact a new sequence, so an update that leaves it as it was is somebody else's.
 */
export const TRIGGERS = [
  `CREATE TRIGGER IF NOT EXISTS artifacts_changed_elsewhere AFTER UPDATE ON artifacts
    WHEN NEW.sequence IS OLD.sequence AND NEW.sequence IS NOT NULL
    BEGIN UPDATE artifacts SET sequence = NULL WHERE artifact_id = NEW.artifact_id; END`,
  `CREATE TRIGGER IF NOT EXISTS artifacts_drop_replaced_tags AFTER UPDATE OF tags, created_at, artifact_id ON artifacts
    BEGIN ${DROP_OLD_TAGS}; END`,
  `CREATE TRIGGER IF NOT EXISTS artifacts_drop_deleted_tags AFTER DELETE ON artifacts
    BEGIN ${DROP_OLD_TAGS}; END`,
] as const;

/** A new, empty board. */
export function createBoardScript(): string {
  const columns = OWN_COLUMNS.map(({ table, column, type }) => `ALTER TABLE ${table} ADD COLUMN ${column} ${type}`);
  return [
    ...Object.values(TABLES),
    ...columns,
    ...OWN_TABLES,
    ...ORIGINAL_INDEXES,
    ...OWN_INDEXES,
    ...TRIGGERS,
    `INSERT INTO schema_meta (id, version) VALUES (1, ${String(ORIGINAL_VERSION)})`,
    `PRAGMA application_id = ${String(APPLICATION_ID)}`,
    `PRAGMA user_version = ${String(BOARD_VERSION)}`,
  ].join(';\n');
}
