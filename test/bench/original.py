"""The original's statements through aiosqlite, as it uses it: a lock, a statement and a commit per write.

    python3 original.py entries.ndjson size board.db

Holds a board and does work on it as it is told: a line of JSON in, a line of JSON out.
"""

import asyncio
import json
import sys
import time
from datetime import datetime, timezone

import aiosqlite

TABLES = [
    """CREATE TABLE artifacts (
        artifact_id TEXT PRIMARY KEY, type TEXT NOT NULL, canonical_type TEXT NOT NULL, produced_by TEXT NOT NULL,
        payload TEXT NOT NULL, version INTEGER NOT NULL, visibility TEXT NOT NULL, tags TEXT NOT NULL,
        correlation_id TEXT, partition_key TEXT, created_at TEXT NOT NULL)""",
    "CREATE INDEX idx_artifacts_canonical_type_created ON artifacts(canonical_type, created_at)",
    "CREATE INDEX idx_artifacts_produced_by_created ON artifacts(produced_by, created_at)",
    "CREATE INDEX idx_artifacts_correlation ON artifacts(correlation_id)",
    "CREATE INDEX idx_artifacts_partition ON artifacts(partition_key)",
]
COLUMNS = [
    "artifact_id", "type", "canonical_type", "produced_by", "payload", "version", "visibility", "tags",
    "correlation_id", "partition_key", "created_at",
]  # fmt: skip
PUT = (
    f"INSERT INTO artifacts ({', '.join(COLUMNS)}) VALUES ({', '.join(':' + column for column in COLUMNS)}) "
    f"ON CONFLICT(artifact_id) DO UPDATE SET {', '.join(f'{column} = excluded.{column}' for column in COLUMNS[1:])}"
)
SELECT = f"SELECT {', '.join(COLUMNS)} FROM artifacts"


def row_of(entry):
    return {
        "artifact_id": entry["id"],
        "type": entry["type"],
        "canonical_type": entry["type"],
        "produced_by": entry["producedBy"],
        "payload": json.dumps(entry["payload"]),
        "version": 1,
        "visibility": '{"kind": "Public"}',
        "tags": json.dumps(sorted(entry["tags"])),
        "correlation_id": entry["correlationId"],
        "partition_key": None,
        "created_at": datetime.fromtimestamp(entry["createdAt"] / 1000, timezone.utc).isoformat(),
    }


def read(row):
    values = dict(row)
    for column in ("payload", "tags", "visibility"):
        values[column] = json.loads(values[column])
    values["created_at"] = datetime.fromisoformat(values["created_at"])
    return values


class Board:
    def __init__(self, connection, entries):
        self.connection = connection
        self.entries = entries
        self.lock = asyncio.Lock()

    async def put(self, entry):
        row = row_of(entry)
        async with self.lock:
            await self.connection.execute(PUT, row)
            await self.connection.commit()

    async def put_many(self, entries):
        async with self.lock:
            await self.connection.execute("BEGIN")
            await self.connection.executemany(PUT, [row_of(entry) for entry in entries])
            await self.connection.commit()

    async def rows(self, text, values):
        cursor = await self.connection.execute(text, values)
        rows = await cursor.fetchall()
        await cursor.close()
        return rows

    async def get(self, artifact_id):
        cursor = await self.connection.execute(f"{SELECT} WHERE artifact_id = ?", (artifact_id,))
        row = await cursor.fetchone()
        await cursor.close()
        read(row)
        return 1

    async def list(self, kind):
        rows = await self.rows(f"{SELECT} WHERE canonical_type = ? ORDER BY created_at ASC, rowid ASC", (kind,))
        return len([read(row) for row in rows])

    async def query(self, question):
        conditions, values = ["canonical_type IN (?)"], [question["type"]]
        if "producedBy" in question:
            conditions.append("produced_by IN (?)")
            values.append(question["producedBy"])
        if "tag" in question:
            conditions.append("EXISTS (SELECT 1 FROM json_each(artifacts.tags) WHERE value = ?)")
            values.append(question["tag"])
        conditions.append("created_at >= ?")
        values.append(datetime.fromtimestamp(question["start"] / 1000, timezone.utc).isoformat())
        where = f"WHERE {' AND '.join(conditions)}"
        (total,) = (await self.rows(f"SELECT COUNT(*) FROM artifacts {where}", values))[0]
        page = f"{SELECT} {where} ORDER BY created_at ASC, rowid ASC LIMIT ? OFFSET ?"
        return total + len([read(row) for row in await self.rows(page, (*values, 50, 0))])

    async def work(self, what, first):
        """`first` holds what to ask for, or the index of the first entry to publish."""
        start, cpu = time.perf_counter(), time.process_time()
        if what == "get by id":
            found = sum([await self.get(artifact_id) for artifact_id in first])
            calls = len(first)
        elif what == "list by type":
            found = calls = sum([await self.list(kind) for kind in first])
        elif what in ("query by producer", "query by tag"):
            found = sum([await self.query(question) for question in first])
            calls = len(first)
        else:
            return await self.write(what, first)
        return {**times(start, cpu), "calls": calls, "found": found}

    async def write(self, what, first):
        entries = self.entries(first, {"publish one by one": 30, "publish concurrently": 200}.get(what, 1000))
        start, cpu = time.perf_counter(), time.process_time()
        if what == "publish one by one":
            for entry in entries:
                await self.put(entry)
        elif what == "publish concurrently":
            await asyncio.gather(*[self.put(entry) for entry in entries])
        elif what == "publishMany of 1,000":
            await self.put_many(entries)
        else:
            return None
        return {**times(start, cpu), "calls": len(entries), "found": len(entries)}


async def main():
    path, size, database = sys.argv[1], int(sys.argv[2]), sys.argv[3]
    with open(path, encoding="utf-8") as lines:
        entries = [json.loads(line) for line in lines]
    started = time.perf_counter()
    connection = await aiosqlite.connect(database, isolation_level=None)
    connection.row_factory = aiosqlite.Row
    for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON"):
        await connection.execute(f"PRAGMA {pragma}")
    for table in TABLES:
        await connection.execute(table)
    board = Board(connection, lambda first, count: entries[first : first + count])
    for start in range(0, size, 1000):
        await board.put_many(entries[start : min(start + 1000, size)])
    answer({"coldStart": None, "load": (time.perf_counter() - started) * 1000})
    while True:
        line = await asyncio.get_running_loop().run_in_executor(None, sys.stdin.readline)
        if line == "":
            break
        question = json.loads(line)
        if question["what"] == "end":
            # It holds what it is to publish as well: its memory would say nothing.
            answer({"peak": None})
            continue
        answer({"sample": await board.work(question["what"], question["first"]), "bytes": None})
    await connection.close()


def times(start, cpu):
    return {"ms": (time.perf_counter() - start) * 1000, "cpu": (time.process_time() - cpu) * 1000}


def answer(value):
    print(json.dumps(value), flush=True)


asyncio.run(main())
