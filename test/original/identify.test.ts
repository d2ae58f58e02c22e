import { describe, expect, it } from 'vitest';
import { identifyBoard } from '../../src/sql/identify-board.ts';
import { migrateBoard } from '../../src/sql/migrate.ts';
import { APPLICATION_ID, createBoardScript } from '../../src/sql/schema.ts';
import { ORIGINAL_SCHEMA, contentOf, openDriver } from './databases.ts';

async function databaseOf(script: string) {
  const driver = await openDriver();
  driver.script(script);
  return driver;
}

const ours = createBoardScript();

describe('a database is taken for', () => {
  it.each<[string, string, string]>([
    ['an empty one when there is nothing in it', '', 'empty'],
    ['one of the original', ORIGINAL_SCHEMA, 'original'],
    ['one of the original, whatever its version', `${ORIGINAL_SCHEMA} UPDATE schema_meta SET version = 6`, 'original'],
    ['one of the original with no more than its first table', 'CREATE TABLE schema_meta (id, version)', 'original'],
    ['one of the original without its table of versions', `${ORIGINAL_SCHEMA} DROP TABLE schema_meta`, 'original'],
    [
      'one of the original with more tables and columns than we know',
      `${ORIGINAL_SCHEMA} CREATE TABLE changelog_events (seq INTEGER PRIMARY KEY);
        ALTER TABLE agent_snapshots ADD COLUMN agent_kind TEXT; CREATE VIEW newest AS SELECT * FROM artifacts`,
      'original',
    ],
    ['ours', ours, 'ours'],
    [
      'one of the original when a tool copied ours without its header',
      `${ours}; PRAGMA application_id = 0`,
      'original',
    ],
    ['one of the original when ours lost its version', `${ours}; PRAGMA user_version = 0`, 'original'],
  ])('%s', async (_, script, identity) => {
    expect(identifyBoard(await databaseOf(script))).toBe(identity);
  });

  it('ours once it is migrated', async () => {
    const driver = await databaseOf(ORIGINAL_SCHEMA);
    migrateBoard(driver);
    expect(identifyBoard(driver)).toBe('ours');
  });
});

describe('a database is refused, and left as it is,', () => {
  const newer = 'Cannot open it: it has version 2 of the format, and this library knows versions up to 1';
  it.each<[string, string, string, string]>([
    ['when it is newer than we are', `${ours}; PRAGMA user_version = 2`, 'newer-format', newer],
    [
      'when it is newer and unmarked',
      `${ours}; PRAGMA application_id = 0; PRAGMA user_version = 2`,
      'newer-format',
      newer,
    ],
    [
      'when it is newer and marked otherwise',
      `${ours}; PRAGMA application_id = 7; PRAGMA user_version = 2`,
      'newer-format',
      newer,
    ],
    [
      'when it is newer and has no table that we know',
      `CREATE TABLE entries (a); PRAGMA application_id = ${String(APPLICATION_ID)}; PRAGMA user_version = 2`,
      'newer-format',
      newer,
    ],
    ['when it is newer and empty', 'PRAGMA user_version = 2', 'newer-format', newer],
    [
      'when it is another program’s',
      'CREATE TABLE places (url); PRAGMA user_version = 53',
      'not-a-board',
      'Cannot open it: it is a SQLite database, but not a board: it has no table "artifacts"',
    ],
    [
      'when another program marked it',
      `${ORIGINAL_SCHEMA} PRAGMA application_id = ${String(0x47504b47)}`,
      'not-a-board',
      'Cannot open it: it is a SQLite database of another program (application_id "0x47504b47")',
    ],
    [
      'when another program marked it with a negative number',
      'PRAGMA application_id = -1',
      'not-a-board',
      'Cannot open it: it is a SQLite database of another program (application_id "0xffffffff")',
    ],
    [
      'when it keeps text otherwise than we write it',
      `PRAGMA encoding = 'UTF-16le'; ${ORIGINAL_SCHEMA}`,
      'unsupported',
      'Cannot open it: it keeps text as "UTF-16le", and a board has to keep it as "UTF-8"',
    ],
    [
      'when its table of versions is something else',
      'CREATE TABLE schema_meta (id, revision)',
      'not-a-board',
      'Cannot open it: it is a SQLite database, but not a board: its table "schema_meta" has no column "version"',
    ],
    [
      'when its artifacts have no time',
      `${ORIGINAL_SCHEMA} DROP TABLE artifacts; CREATE TABLE artifacts (artifact_id, type, canonical_type, produced_by,
        payload, version, visibility, tags, correlation_id, partition_key)`,
      'not-a-board',
      'Cannot open it: it is a SQLite database, but not a board: its table "artifacts" has no column "created_at"',
    ],
    [
      'when its agents have no name',
      `${ORIGINAL_SCHEMA} DROP TABLE agent_snapshots; CREATE TABLE agent_snapshots (description, subscriptions,
        output_types, labels, first_seen, last_seen, signature)`,
      'not-a-board',
      'Cannot open it: it is a SQLite database, but not a board: its table "agent_snapshots" has no column "agent_name"',
    ],
    [
      'when another program marked it with a small number',
      'PRAGMA application_id = 7',
      'not-a-board',
      'Cannot open it: it is a SQLite database of another program (application_id "0x00000007")',
    ],
    [
      'when its artifacts are something else',
      'CREATE TABLE artifacts (artifact_id TEXT PRIMARY KEY, type TEXT)',
      'not-a-board',
      'Cannot open it: it is a SQLite database, but not a board: its table "artifacts" has no column "canonical_type"',
    ],
    [
      'when a table beside the artifacts is something else',
      `${ORIGINAL_SCHEMA} ALTER TABLE agent_snapshots DROP COLUMN signature`,
      'not-a-board',
      'Cannot open it: it is a SQLite database, but not a board: its table "agent_snapshots" has no column "signature"',
    ],
    [
      'when its artifacts are a view',
      'CREATE TABLE t (a); CREATE VIEW artifacts AS SELECT * FROM t',
      'not-a-board',
      'Cannot open it: it is a SQLite database, but not a board: it has no table "artifacts"',
    ],
    [
      'when it is ours and has lost a column',
      `${ours}; DROP TABLE artifact_consumptions; CREATE TABLE artifact_consumptions (artifact_id, consumer)`,
      'corrupt',
      'Cannot open it: it is marked as a board, but its table "artifact_consumptions" has no column "run_id"',
    ],
    [
      'when it is ours and has lost its tables',
      `PRAGMA application_id = ${String(APPLICATION_ID)}; PRAGMA user_version = 1`,
      'corrupt',
      'Cannot open it: it is marked as a board, but it has no table "artifacts"',
    ],
  ])('%s', async (_, script, code, message) => {
    const driver = await databaseOf(script);
    const before = contentOf(driver);
    expect(() => identifyBoard(driver, 'open it')).toThrow(expect.objectContaining({ code, message }));
    expect(contentOf(driver)).toEqual(before);
  });
});

it('says that it is opened, unless it is told what is done', async () => {
  const driver = await databaseOf('PRAGMA user_version = 2');
  expect(() => identifyBoard(driver)).toThrow('Cannot open the board: it has version 2');
});
