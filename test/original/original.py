"""Reads and writes a board file as the original does: its schema, its statements, its parsers.

    python3 original.py board.db < operations.json > answers.json

Operations are a list of [name, argument]; the answers are a list of the same length.
"""

import json
import sqlite3
import sys
import uuid
from datetime import datetime, timezone

TABLES = [
    """CREATE TABLE IF NOT EXISTS schema_meta (
        id INTEGER PRIMARY KEY CHECK (id = 1),
        version INTEGER NOT NULL,
        applied_at TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP)""",
    """CREATE TABLE IF NOT EXISTS artifacts (
        artifact_id TEXT PRIMARY KEY, type TEXT NOT NULL, canonical_type TEXT NOT NULL, produced_by TEXT NOT NULL,
        payload TEXT NOT NULL, version INTEGER NOT NULL, visibility TEXT NOT NULL, tags TEXT NOT NULL,
        correlation_id TEXT, partition_key TEXT, created_at TEXT NOT NULL)""",
    """CREATE TABLE IF NOT EXISTS artifact_consumptions (
        artifact_id TEXT NOT NULL, consumer TEXT NOT NULL, run_id TEXT, correlation_id TEXT, consumed_at TEXT NOT NULL,
        PRIMARY KEY (artifact_id, consumer, consumed_at))""",
    """CREATE TABLE IF NOT EXISTS agent_snapshots (
        agent_name TEXT PRIMARY KEY, description TEXT NOT NULL, subscriptions TEXT NOT NULL, output_types TEXT NOT NULL,
        labels TEXT NOT NULL, first_seen TEXT NOT NULL, last_seen TEXT NOT NULL, signature TEXT NOT NULL)""",
]
INDEXES = [
    "idx_artifacts_canonical_type_created ON artifacts(canonical_type, created_at)",
    "idx_artifacts_produced_by_created ON artifacts(produced_by, created_at)",
    "idx_artifacts_correlation ON artifacts(correlation_id)",
    "idx_artifacts_partition ON artifacts(partition_key)",
    "idx_consumptions_artifact ON artifact_consumptions(artifact_id)",
    "idx_consumptions_consumer ON artifact_consumptions(consumer)",
    "idx_consumptions_correlation ON artifact_consumptions(correlation_id)",
]
CHANGELOG = """CREATE TABLE IF NOT EXISTS changelog_events (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, event_type TEXT NOT NULL, artifact_id TEXT, artifact_type TEXT,
    produced_by TEXT, correlation_id TEXT, visibility TEXT, timestamp TEXT NOT NULL,
    payload_summary TEXT NOT NULL DEFAULT '{}')"""
CHANGELOG_INDEXES = [
    "idx_changelog_event_type_seq ON changelog_events(event_type, seq)",
    "idx_changelog_artifact_type_seq ON changelog_events(artifact_type, seq)",
    "idx_changelog_produced_by_seq ON changelog_events(produced_by, seq)",
    "idx_changelog_correlation ON changelog_events(correlation_id)",
]
ARTIFACT_COLUMNS = [
    "artifact_id", "type", "canonical_type", "produced_by", "payload", "version", "visibility", "tags",
    "correlation_id", "partition_key", "created_at",
]  # fmt: skip
CONSUMPTION_COLUMNS = ["artifact_id", "consumer", "run_id", "correlation_id", "consumed_at"]
AGENT_COLUMNS = [
    "agent_name", "description", "subscriptions", "output_types", "labels", "first_seen", "last_seen", "signature",
]  # fmt: skip


def connect(path):
    connection = sqlite3.connect(path, isolation_level=None)
    connection.row_factory = sqlite3.Row
    for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")
    return connection


def as_utc(text):
    moment = datetime.fromisoformat(text)
    naive = moment.tzinfo is None
    return (moment.replace(tzinfo=timezone.utc) if naive else moment.astimezone(timezone.utc)).isoformat()


def init(connection, lines):
    """`version`, and which lines of development: `changelog`, `agent_kind`, `utc` (rewrites times below version 4)."""
    version = lines["version"]
    connection.execute(TABLES[0])
    connection.execute("INSERT OR IGNORE INTO schema_meta (id, version) VALUES (1, ?)", (version,))
    (previous,) = connection.execute("SELECT version FROM schema_meta WHERE id = 1").fetchone()
    for table in TABLES[1:]:
        connection.execute(table)
    for index in INDEXES:
        connection.execute(f"CREATE INDEX IF NOT EXISTS {index}")
    if lines.get("changelog"):
        connection.execute(CHANGELOG)
        for index in CHANGELOG_INDEXES:
            connection.execute(f"CREATE INDEX IF NOT EXISTS {index}")
    columns = [row["name"] for row in connection.execute("PRAGMA table_info(agent_snapshots)")]
    if lines.get("agent_kind") and "agent_kind" not in columns:
        connection.execute("ALTER TABLE agent_snapshots ADD COLUMN agent_kind TEXT DEFAULT 'internal'")
    if lines.get("utc") and previous < 4:
        rows = connection.execute("SELECT artifact_id, created_at FROM artifacts").fetchall()
        for row in rows:
            text = as_utc(row["created_at"])
            if text != row["created_at"]:
                change = "UPDATE artifacts SET created_at = ? WHERE artifact_id = ?"
                connection.execute(change, (text, row["artifact_id"]))
    connection.execute("UPDATE schema_meta SET version=? WHERE id=1", (version,))
    return previous


def publish(connection, artifact):
    row = {
        "artifact_id": str(uuid.UUID(artifact["id"])),
        "type": artifact["type"],
        "canonical_type": artifact.get("canonicalType", artifact["type"]),
        "produced_by": artifact.get("producedBy", "external"),
        "payload": json.dumps(artifact.get("payload", {})),
        "version": artifact.get("version", 1),
        "visibility": json.dumps(artifact.get("visibility", {"kind": "Public"})),
        "tags": json.dumps(sorted(artifact.get("tags", []))),
        "correlation_id": artifact.get("correlationId") or None,
        "partition_key": artifact.get("partitionKey"),
        "created_at": datetime.fromisoformat(artifact["createdAt"]).isoformat(),
    }
    values = ", ".join(f":{column}" for column in ARTIFACT_COLUMNS)
    changes = ", ".join(f"{column} = excluded.{column}" for column in ARTIFACT_COLUMNS[1:])
    connection.execute(
        f"INSERT INTO artifacts ({', '.join(ARTIFACT_COLUMNS)}) VALUES ({values}) "
        f"ON CONFLICT(artifact_id) DO UPDATE SET {changes}",
        row,
    )


def consume(connection, records):
    rows = [
        (
            record["artifactId"],
            record["consumer"],
            record.get("runId"),
            record.get("correlationId"),
            datetime.fromisoformat(record["consumedAt"]).isoformat(),
        )
        for record in records
    ]
    connection.executemany(
        f"INSERT OR REPLACE INTO artifact_consumptions ({', '.join(CONSUMPTION_COLUMNS)}) VALUES (?, ?, ?, ?, ?)", rows
    )


def delete_before(connection, before):
    text = datetime.fromisoformat(before).isoformat()
    return connection.execute("DELETE FROM artifacts WHERE created_at < ?", (text,)).rowcount


def agent(connection, snapshot):
    row = {
        "agent_name": snapshot["name"],
        "description": snapshot.get("description", ""),
        "subscriptions": json.dumps(snapshot.get("subscriptions", [])),
        "output_types": json.dumps(snapshot.get("outputTypes", [])),
        "labels": json.dumps(snapshot.get("labels", [])),
        "first_seen": datetime.fromisoformat(snapshot["firstSeen"]).isoformat(),
        "last_seen": datetime.fromisoformat(snapshot["lastSeen"]).isoformat(),
        "signature": snapshot.get("signature", ""),
    }
    values = ", ".join(f":{column}" for column in AGENT_COLUMNS)
    changes = ", ".join(f"{column} = excluded.{column}" for column in AGENT_COLUMNS[1:])
    connection.execute(
        f"INSERT INTO agent_snapshots ({', '.join(AGENT_COLUMNS)}) VALUES ({values}) "
        f"ON CONFLICT(agent_name) DO UPDATE SET {changes}",
        row,
    )


def instant(text):
    """Milliseconds since the epoch, floored, after Python's own reading."""
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError(f"naive: {text}")
    delta = moment - datetime(1970, 1, 1, tzinfo=timezone.utc)
    return (delta.days * 86_400 + delta.seconds) * 1000 + delta.microseconds // 1000


def to_artifact(row):
    return {
        "id": str(uuid.UUID(row["artifact_id"])),
        "idText": row["artifact_id"],
        "type": row["type"],
        "canonicalType": row["canonical_type"],
        "producedBy": row["produced_by"],
        "payload": json.loads(row["payload"]),
        "version": row["version"],
        "visibility": json.loads(row["visibility"]),
        "tags": json.loads(row["tags"]),
        "correlationId": row["correlation_id"],
        "partitionKey": row["partition_key"],
        "createdAt": row["created_at"],
        "createdAtMs": instant(row["created_at"]),
    }


def artifacts(connection, filters):
    conditions, values = [], []
    if filters.get("type"):
        conditions.append("canonical_type IN (?)")
        values.append(filters["type"])
    for tag in filters.get("tags", []):
        conditions.append("EXISTS (SELECT 1 FROM json_each(artifacts.tags) WHERE value = ?)")
        values.append(tag)
    if filters.get("visibility"):
        conditions.append("json_extract(visibility, '$.kind') IN (?)")
        values.append(filters["visibility"])
    if filters.get("start"):
        conditions.append("created_at >= ?")
        values.append(datetime.fromisoformat(filters["start"]).isoformat())
    where = f" WHERE {' AND '.join(conditions)}" if conditions else ""
    select = f"SELECT {', '.join(ARTIFACT_COLUMNS)} FROM artifacts{where} ORDER BY created_at ASC, rowid ASC"
    return [to_artifact(row) for row in connection.execute(select, values).fetchall()]


def consumptions(connection, _):
    select = f"SELECT {', '.join(CONSUMPTION_COLUMNS)} FROM artifact_consumptions ORDER BY consumed_at ASC"
    return [
        {**dict(row), "artifact_id": str(uuid.UUID(row["artifact_id"])), "consumedAtMs": instant(row["consumed_at"])}
        for row in connection.execute(select).fetchall()
    ]


def agents(connection, _):
    rows = connection.execute(f"SELECT {', '.join(AGENT_COLUMNS)} FROM agent_snapshots").fetchall()
    lists = ("subscriptions", "output_types", "labels")
    return [
        {
            **dict(row),
            **{name: json.loads(row[name]) for name in lists},
            "firstSeenMs": instant(row["first_seen"]),
            "lastSeenMs": instant(row["last_seen"]),
        }
        for row in rows
    ]


def sql(connection, statement):
    return [list(row) for row in connection.execute(statement).fetchall()]


OPERATIONS = {
    "init": init,
    "publish": publish,
    "consume": consume,
    "deleteBefore": delete_before,
    "agent": agent,
    "artifacts": artifacts,
    "consumptions": consumptions,
    "agents": agents,
    "sql": sql,
}


def main():
    connection = connect(sys.argv[1])
    answers = [OPERATIONS[name](connection, argument) for name, argument in json.load(sys.stdin)]
    connection.close()
    json.dump(answers, sys.stdout)


main()
