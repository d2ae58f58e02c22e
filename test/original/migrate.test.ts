import { describe, expect, it } from 'vitest';
import { migrateBoard } from '../../src/sql/migrate.ts';
import type { Migration } from '../../src/sql/migrate.ts';
import { renewBoard } from '../../src/sql/renew.ts';
import { APPLICATION_ID, BOARD_VERSION, createBoardScript } from '../../src/sql/schema.ts';
import type { SqlJsDriver } from '../../src/sqlite/sqljs-driver.ts';
import {
  ORIGINAL_SCHEMA,
  contentOf,
  idOf,
  insertArtifact,
  insertConsumption,
  openDriver,
  rowsOf,
} from './databases.ts';

async function migrated(
  fill: (driver: SqlJsDriver) => void = () => undefined,
): Promise<{ driver: SqlJsDriver; found: Migration }> {
  const driver = await openDriver();
  driver.script(ORIGINAL_SCHEMA);
  fill(driver);
  return { driver, found: migrateBoard(driver) };
}

/** Tables, columns and indexes by name and what they consist of, whatever their text looks like. */
function shapeOf(driver: SqlJsDriver): Record<string, unknown> {
  const objects = rowsOf(
    driver,
    "SELECT type, name FROM sqlite_master WHERE name NOT LIKE 'sqlite_%' ORDER BY type, name",
  );
  return Object.fromEntries(
    objects.map(([type, name]) => {
      const pragma = type === 'table' ? 'table_info' : 'index_info';
      return [`${String(type)} ${String(name)}`, rowsOf(driver, `SELECT * FROM pragma_${pragma}(?)`, name ?? null)];
    }),
  );
}

describe('a migrated board', () => {
  it('has the shape of a new one', async () => {
    const { driver } = await migrated();
    const created = await openDriver();
    created.script(createBoardScript());
    expect(shapeOf(driver)).toEqual(shapeOf(created));
    expect(rowsOf(driver, 'PRAGMA application_id')).toEqual([[APPLICATION_ID]]);
    expect(rowsOf(driver, 'PRAGMA user_version')).toEqual([[BOARD_VERSION]]);
    expect(rowsOf(driver, 'PRAGMA integrity_check')).toEqual([['ok']]);
    for (const board of [driver, created])
      expect(rowsOf(board, 'SELECT id, version FROM schema_meta')).toEqual([[1, 3]]);
  });

  it('keeps the original’s row of its version', async () => {
    const { driver, found } = await migrated((d) => d.script('UPDATE schema_meta SET version = 6'));
    expect(rowsOf(driver, 'SELECT * FROM schema_meta')).toEqual([[1, 6, '2025-10-01 00:00:00']]);
    expect(found.originalVersion).toBe(6);
  });

  it('is not changed by a second migration, nor by a renewal', async () => {
    const { driver } = await migrated((d) => {
      insertArtifact(d, idOf(1), '2025-10-13T12:00:00+02:00', '["a"]');
      insertConsumption(d, idOf(1), '2025-10-13T12:00:00+02:00');
      d.script("INSERT INTO agent_snapshots VALUES ('a', '', '[]', '[]', '[]', '', '', '')");
    });
    const before = contentOf(driver);
    const nothing = { artifacts: 0, consumptions: 0, merged: 0, agents: 1, originalVersion: 3 };
    expect(migrateBoard(driver)).toEqual(nothing);
    expect(renewBoard(driver)).toBeNull();
    expect(contentOf(driver)).toEqual(before);
  });

  it('gets the tables that the original had not created yet', async () => {
    const driver = await openDriver();
    driver.script(
      'CREATE TABLE schema_meta (id INTEGER PRIMARY KEY CHECK (id = 1), version INTEGER NOT NULL, applied_at TEXT)',
    );
    const found = migrateBoard(driver);
    expect(found).toEqual({ artifacts: 0, consumptions: 0, merged: 0, agents: 0, originalVersion: 3 });
    const created = await openDriver();
    created.script(createBoardScript());
    expect(Object.keys(shapeOf(driver))).toEqual(Object.keys(shapeOf(created)));
  });

  it('is as it was when the migration fails', async () => {
    const driver = await openDriver();
    driver.script(ORIGINAL_SCHEMA);
    insertArtifact(driver, idOf(1), '2025-10-13T12:00:00');
    driver.script(`CREATE TRIGGER stop BEFORE UPDATE ON artifacts BEGIN SELECT raise(ABORT, 'stop'); END`);
    const before = contentOf(driver);
    expect(() => migrateBoard(driver)).toThrow('stop');
    expect(contentOf(driver)).toEqual(before);
  });

  it('numbers artifacts in the board’s order, then consumptions, then leaves room for the agents', async () => {
    const { driver, found } = await migrated((d) => {
      insertArtifact(d, idOf(3), '2025-10-13T12:00:00+00:00');
      insertArtifact(d, idOf(1), '2025-10-13T13:59:59+02:00');
      insertArtifact(d, idOf(2), '2025-10-13T12:00:00.000001+00:00');
      insertConsumption(d, idOf(3), '2025-10-13T12:00:00+00:00', { consumer: 'b' });
      insertConsumption(d, idOf(3), '2025-10-13T12:00:00', { consumer: 'a' });
      d.script(
        "INSERT INTO agent_snapshots VALUES ('a', '', '[]', '[]', '[]', '', '', ''), ('b', '', '[]', '[]', '[]', '', '', '')",
      );
    });
    expect(rowsOf(driver, 'SELECT artifact_id FROM artifacts ORDER BY sequence')).toEqual([
      [idOf(1)],
      [idOf(2)],
      [idOf(3)],
    ]);
    expect(rowsOf(driver, 'SELECT sequence FROM artifacts ORDER BY sequence')).toEqual([[1], [2], [3]]);
    expect(rowsOf(driver, 'SELECT consumer, sequence FROM artifact_consumptions ORDER BY sequence')).toEqual([
      ['a', 4],
      ['b', 5],
    ]);
    expect(rowsOf(driver, 'SELECT sequence FROM board_state')).toEqual([[7]]);
    expect(found).toEqual({ artifacts: 3, consumptions: 2, merged: 0, agents: 2, originalVersion: 3 });
  });

  it('is an epoch of its own', async () => {
    const epochs = [await migrated(), await migrated()].map(({ driver }) =>
      rowsOf(driver, 'SELECT epoch FROM board_state'),
    );
    expect(epochs[0]).not.toEqual(epochs[1]);
  });
});

describe('a migrated time of creation', () => {
  it.each<[string, string, string | null]>([
    ['2025-10-13T12:34:56.789000+00:00', '2025-10-13T12:34:56.789000+00:00', null],
    ['2025-10-13T12:34:56+00:00', '2025-10-13T12:34:56.000000+00:00', '2025-10-13T12:34:56+00:00'],
    ['2025-10-13T12:34:56.789999+00:00', '2025-10-13T12:34:56.789000+00:00', '2025-10-13T12:34:56.789999+00:00'],
    ['1969-12-31T23:59:59.999999+00:00', '1969-12-31T23:59:59.999000+00:00', '1969-12-31T23:59:59.999999+00:00'],
    ['2025-10-13T12:34:56Z', '2025-10-13T12:34:56.000000+00:00', '2025-10-13T12:34:56Z'],
    ['2025-10-13T12:34:56', '2025-10-13T12:34:56.000000+00:00', '2025-10-13T12:34:56'],
    ['2025-10-13T01:00:00-05:30', '2025-10-13T06:30:00.000000+00:00', '2025-10-13T01:00:00-05:30'],
    ['2025-10-13T01:00:00.5+02:00', '2025-10-12T23:00:00.500000+00:00', '2025-10-13T01:00:00.5+02:00'],
    ['yesterday', 'yesterday', null],
    ['', '', null],
    ['0000-01-01T00:00:00+00:00', '0000-01-01T00:00:00+00:00', null],
  ])('that was %j is %j', async (written, createdAt, original) => {
    const { driver } = await migrated((d) => insertArtifact(d, idOf(1), written, '["a"]'));
    expect(rowsOf(driver, 'SELECT created_at, created_at_original, sequence FROM artifacts')).toEqual([
      [createdAt, original, 1],
    ]);
    expect(rowsOf(driver, 'SELECT * FROM artifact_tags')).toEqual([['a', createdAt, idOf(1)]]);
  });

  it('that is no text stays', async () => {
    const { driver } = await migrated((d) => insertArtifact(d, idOf(1), new Uint8Array([1, 2])));
    expect(rowsOf(driver, 'SELECT created_at, created_at_original FROM artifacts')).toEqual([
      [new Uint8Array([1, 2]), null],
    ]);
  });
});

describe('migrated tags', () => {
  it.each<[string, string[]]>([
    ['[]', []],
    ['["b", "a", "b"]', ['a', 'b']],
    ['["\\u0394", "\\ud834\\udd1e", "a\\u0000b", ""]', ['', 'a\0b', 'Δ', '𝄞']],
    ['["a", 1]', []],
    ['{"a": "b"}', []],
    ['not JSON', []],
  ])('written as %s are found as %j', async (tags, found) => {
    const { driver } = await migrated((d) => insertArtifact(d, idOf(1), '2025-10-13T12:00:00+00:00', tags));
    expect(rowsOf(driver, 'SELECT tag FROM artifact_tags ORDER BY tag').map(([tag]) => tag)).toEqual(found);
    expect(rowsOf(driver, 'SELECT tags FROM artifacts')).toEqual([[tags]]);
  });
});

describe('a migrated id', () => {
  const upper = 'ABCDEF00-0000-4000-8000-00000000000A';
  const lower = upper.toLowerCase();

  it('in upper case is folded, and so are its consumptions', async () => {
    const { driver } = await migrated((d) => {
      insertArtifact(d, upper, '2025-10-13T12:00:00+00:00', '["a"]');
      insertConsumption(d, upper, '2025-10-13T12:00:00+00:00');
    });
    expect(rowsOf(driver, 'SELECT artifact_id FROM artifacts')).toEqual([[lower]]);
    expect(rowsOf(driver, 'SELECT artifact_id FROM artifact_consumptions')).toEqual([[lower]]);
    expect(rowsOf(driver, 'SELECT artifact_id FROM artifact_tags')).toEqual([[lower]]);
  });

  it('in upper case stays where it is there in lower case too, and so do its consumptions', async () => {
    const { driver, found } = await migrated((d) => {
      for (const id of [upper, lower]) {
        insertArtifact(d, id, '2025-10-13T12:00:00+00:00');
        insertConsumption(d, id, '2025-10-13T12:00:00+00:00');
      }
    });
    expect(rowsOf(driver, 'SELECT artifact_id FROM artifacts ORDER BY sequence')).toEqual([[upper], [lower]]);
    expect(rowsOf(driver, 'SELECT artifact_id FROM artifact_consumptions ORDER BY sequence')).toEqual([
      [upper],
      [lower],
    ]);
    expect(found.merged).toBe(0);
  });

  it('that is no UUID stays', async () => {
    const { driver, found } = await migrated((d) => insertArtifact(d, 'Nr. 7', '2025-10-13T12:00:00+00:00'));
    expect(rowsOf(driver, 'SELECT artifact_id, sequence FROM artifacts')).toEqual([['Nr. 7', 1]]);
    expect(found.artifacts).toBe(1);
  });

  it('of a consumption whose artifact is gone is folded as well', async () => {
    const { driver } = await migrated((d) => insertConsumption(d, upper, '2025-10-13T12:00:00.000000+00:00'));
    expect(rowsOf(driver, 'SELECT artifact_id FROM artifact_consumptions')).toEqual([[lower]]);
  });
});

describe('migrated consumptions', () => {
  it.each<[string, string]>([
    ['2025-10-13T12:34:56+00:00', '2025-10-13T12:34:56.000000+00:00'],
    ['2025-10-13T12:34:56.123456+02:00', '2025-10-13T10:34:56.123456+00:00'],
    ['2025-10-13T12:34:56.1Z', '2025-10-13T12:34:56.100000+00:00'],
    ['2025-10-13T12:34:56', '2025-10-13T12:34:56.000000+00:00'],
    ['some day', 'some day'],
  ])('of %s are of %s', async (written, consumedAt) => {
    const { driver } = await migrated((d) => insertConsumption(d, idOf(1), written));
    expect(rowsOf(driver, 'SELECT consumed_at, sequence FROM artifact_consumptions')).toEqual([[consumedAt, 1]]);
  });

  it.each([
    ['a run', 'run'],
    ['no run', null],
    ['an empty run', ''],
  ])('of %s, and of one instant written in several ways, are one, the first', async (_, runId) => {
    const { driver, found } = await migrated((d) => {
      for (const [correlationId, written] of [
        ['first', '2025-10-13T14:00:00+02:00'],
        ['second', '2025-10-13T12:00:00.000000+00:00'],
        ['third', '2025-10-13T12:00:00Z'],
      ] as const) {
        insertConsumption(d, idOf(1), written, { runId, correlationId });
      }
    });
    expect(rowsOf(driver, 'SELECT correlation_id, consumed_at FROM artifact_consumptions')).toEqual([
      ['first', '2025-10-13T12:00:00.000000+00:00'],
    ]);
    expect(found).toMatchObject({ consumptions: 1, merged: 2 });
  });

  it('of one instant and two runs, or no run and an empty one, stay two', async () => {
    const { driver, found } = await migrated((d) => {
      insertConsumption(d, idOf(1), '2025-10-13T12:00:00+00:00', { runId: 'one' });
      insertConsumption(d, idOf(1), '2025-10-13T12:00:00Z', { runId: 'two' });
      insertConsumption(d, idOf(2), '2025-10-13T12:00:00+00:00', { runId: '' });
      insertConsumption(d, idOf(2), '2025-10-13T12:00:00Z', { runId: null });
    });
    expect(rowsOf(driver, 'SELECT count(*) FROM artifact_consumptions')).toEqual([[4]]);
    expect(found).toMatchObject({ consumptions: 4, merged: 0 });
  });

  it('give up their primary key and keep all else: columns, indexes, triggers, views, order', async () => {
    const { driver } = await migrated((d) => {
      d.script(`ALTER TABLE artifact_consumptions ADD COLUMN note TEXT NOT NULL DEFAULT 'x' CHECK (note <> '')`);
      d.script(`ALTER TABLE artifact_consumptions ADD COLUMN "odd ""name" INTEGER`);
      d.script('ALTER TABLE artifact_consumptions ADD COLUMN size INTEGER GENERATED ALWAYS AS (length(note)) VIRTUAL');
      d.script('CREATE INDEX theirs ON artifact_consumptions(note) WHERE note IS NOT NULL');
      d.script('CREATE TABLE noted (id TEXT)');
      d.script(
        `CREATE TRIGGER noting AFTER INSERT ON artifact_consumptions BEGIN INSERT INTO noted VALUES (NEW.consumer); END`,
      );
      d.script('CREATE VIEW consumers AS SELECT DISTINCT consumer FROM artifact_consumptions');
      insertConsumption(d, idOf(2), '2025-10-13T12:00:01.000000+00:00', { consumer: 'b' });
      insertConsumption(d, idOf(1), '2025-10-13T12:00:00.000000+00:00', { consumer: 'a' });
      d.script(`UPDATE artifact_consumptions SET note = 'kept', "odd ""name" = 7 WHERE consumer = 'a'`);
    });
    expect(
      rowsOf(driver, 'SELECT consumer, note, "odd ""name", size FROM artifact_consumptions ORDER BY rowid'),
    ).toEqual([
      ['b', 'x', null, 1],
      ['a', 'kept', 7, 4],
    ]);
    expect(rowsOf(driver, "SELECT name FROM pragma_table_info('artifact_consumptions') WHERE pk > 0")).toEqual([]);
    expect(
      rowsOf(driver, "SELECT name FROM sqlite_master WHERE name IN ('theirs', 'noting', 'consumers') ORDER BY 1"),
    ).toEqual([['consumers'], ['noting'], ['theirs']]);
    expect(rowsOf(driver, 'SELECT count(*) FROM noted')).toEqual([[2]]);
    expect(() => driver.script("UPDATE artifact_consumptions SET note = ''")).toThrow('CHECK');
    expect(rowsOf(driver, 'SELECT name FROM sqlite_temp_master')).toEqual([]);
  });

  it.each([
    ['with a name', 'CONSTRAINT key_of_theirs PRIMARY KEY (artifact_id, consumer, consumed_at)'],
    ['with a way out of conflicts', 'PRIMARY KEY (artifact_id, consumer, consumed_at) ON CONFLICT REPLACE'],
    ['in other letters', 'primary  key(artifact_id,consumer,consumed_at)on conflict fail'],
    [
      'with a name, a way out, and much space',
      '\n  CONSTRAINT  key_of_theirs\n  PRIMARY\n KEY  (artifact_id, consumer, consumed_at)\n ON  CONFLICT  REPLACE',
    ],
    ['on a line of its own', '\n    PRIMARY KEY (artifact_id, consumer, consumed_at)\n'],
  ])('give up a primary key %s', async (_, key) => {
    const { driver } = await migrated((d) =>
      d.script(`DROP TABLE artifact_consumptions; CREATE TABLE artifact_consumptions (artifact_id TEXT NOT NULL,
        consumer TEXT NOT NULL, run_id TEXT, correlation_id TEXT, consumed_at TEXT NOT NULL,${key})`),
    );
    expect(rowsOf(driver, "SELECT name FROM pragma_table_info('artifact_consumptions') WHERE pk > 0")).toEqual([]);
    // What is left of it would be taken for a part of the column before.
    const [[text] = []] = rowsOf(driver, "SELECT sql FROM sqlite_master WHERE name = 'artifact_consumptions'");
    expect(text).toMatch(/consumed_at TEXT NOT NULL\s*, sequence INTEGER\)$/);
  });

  it('keep a key of their own that is no hindrance', async () => {
    const { driver } = await migrated((d) =>
      d.script(`DROP TABLE artifact_consumptions; CREATE TABLE artifact_consumptions (id INTEGER PRIMARY KEY,
        artifact_id TEXT, consumer TEXT, run_id TEXT, correlation_id TEXT, consumed_at TEXT)`),
    );
    expect(rowsOf(driver, "SELECT name FROM pragma_table_info('artifact_consumptions') WHERE pk > 0")).toEqual([
      ['id'],
    ]);
  });

  it('keyed in a way that we do not understand stop the migration', async () => {
    const driver = await openDriver();
    driver.script(`${ORIGINAL_SCHEMA} DROP TABLE artifact_consumptions; CREATE TABLE artifact_consumptions (artifact_id TEXT,
      consumer TEXT, run_id TEXT, correlation_id TEXT, consumed_at TEXT PRIMARY KEY)`);
    expect(() => migrateBoard(driver)).toThrow(
      expect.objectContaining({
        code: 'unsupported',
        message: expect.stringContaining('its consumptions are keyed in an unknown way: CREATE TABLE') as string,
      }),
    );
    expect(rowsOf(driver, "SELECT count(*) FROM sqlite_master WHERE name = 'artifact_tags'")).toEqual([[0]]);
  });

  it('without any key keep the first of each identity', async () => {
    const { driver } = await migrated((d) => {
      d.script(`DROP TABLE artifact_consumptions; CREATE TABLE artifact_consumptions (artifact_id TEXT NOT NULL,
        consumer TEXT NOT NULL, run_id TEXT, correlation_id TEXT, consumed_at TEXT NOT NULL)`);
      for (const correlationId of ['first', 'second']) insertConsumption(d, idOf(1), 'some day', { correlationId });
    });
    expect(rowsOf(driver, 'SELECT correlation_id FROM artifact_consumptions')).toEqual([['first']]);
  });
});

describe('what a migration does not know', () => {
  it('stays: tables, columns, triggers', async () => {
    const { driver } = await migrated((d) => {
      d.script(`CREATE TABLE changelog_events (seq INTEGER PRIMARY KEY AUTOINCREMENT, event_type TEXT NOT NULL);
        INSERT INTO changelog_events (event_type) VALUES ('artifact_published');
        ALTER TABLE agent_snapshots ADD COLUMN agent_kind TEXT DEFAULT 'internal';
        INSERT INTO agent_snapshots VALUES ('a', '', '[]', '[]', '[]', '2025-10-13T12:00:00', '', '', 'external');
        ALTER TABLE artifacts ADD COLUMN stars INTEGER`);
      insertArtifact(d, idOf(1), '2025-10-13T12:00:00');
      d.script('UPDATE artifacts SET stars = 5');
    });
    expect(rowsOf(driver, 'SELECT * FROM changelog_events')).toEqual([[1, 'artifact_published']]);
    expect(rowsOf(driver, 'SELECT agent_kind, first_seen FROM agent_snapshots')).toEqual([
      ['external', '2025-10-13T12:00:00'],
    ]);
    expect(rowsOf(driver, 'SELECT stars FROM artifacts')).toEqual([[5]]);
  });
});

describe('a board that a tool copied without its header', () => {
  it('keeps its numbers and its epoch', async () => {
    const { driver } = await migrated((d) => {
      insertArtifact(d, idOf(2), '2025-10-13T12:00:00');
      insertArtifact(d, idOf(1), '2025-10-13T12:00:01');
    });
    const before = contentOf(driver);
    driver.script('PRAGMA application_id = 0; PRAGMA user_version = 0');
    expect(migrateBoard(driver)).toMatchObject({ artifacts: 0, consumptions: 0 });
    expect(contentOf(driver)).toEqual(before);
  });
});
