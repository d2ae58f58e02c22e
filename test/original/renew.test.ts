import { beforeEach, describe, expect, it } from 'vitest';
import { adoptBoard, renewBoard } from '../../src/sql/renew.ts';
import { createBoardScript } from '../../src/sql/schema.ts';
import type { SqlJsDriver } from '../../src/sqlite/sqljs-driver.ts';
import { contentOf, idOf, insertArtifact, insertConsumption, openDriver, rowsOf } from './databases.ts';

const NOON = '2025-10-13T12:00:00.000000+00:00';
const ONE = '2025-10-13T13:00:00.000000+00:00';

/** A board of ours with two artifacts, tagged, and two consumptions, all numbered. */
async function board(): Promise<SqlJsDriver> {
  const driver = await openDriver();
  driver.script(createBoardScript());
  driver.script("INSERT INTO board_state VALUES (1, 'epoch', 4)");
  insertArtifact(driver, idOf(1), NOON, '["old"]');
  insertArtifact(driver, idOf(2), ONE, '["old", "other"]');
  insertConsumption(driver, idOf(1), NOON, { correlationId: 'ours' });
  insertConsumption(driver, idOf(2), NOON);
  driver.script(`INSERT INTO artifact_tags VALUES ('old', '${NOON}', '${idOf(1)}'), ('old', '${ONE}', '${idOf(2)}'),
    ('other', '${ONE}', '${idOf(2)}')`);
  driver.script('UPDATE artifacts SET sequence = rowid; UPDATE artifact_consumptions SET sequence = 2 + rowid');
  return driver;
}

const numbers = (driver: SqlJsDriver, table = 'artifacts') =>
  rowsOf(driver, `SELECT artifact_id, sequence FROM ${table} ORDER BY sequence`);
const tags = (driver: SqlJsDriver) => rowsOf(driver, 'SELECT tag, created_at, artifact_id FROM artifact_tags');
const state = (driver: SqlJsDriver) => rowsOf(driver, 'SELECT epoch, sequence FROM board_state')[0];

let driver: SqlJsDriver;
beforeEach(async () => {
  driver = await board();
});

describe('a renewal', () => {
  it('does nothing where nobody wrote', () => {
    const before = contentOf(driver);
    expect(renewBoard(driver)).toBeNull();
    expect(contentOf(driver)).toEqual(before);
  });

  it('gives a new artifact its place', () => {
    insertArtifact(driver, idOf(3), '2025-10-13T14:30:00.1234+02:00', '["new"]');
    expect(renewBoard(driver)).toEqual({ artifacts: 1, consumptions: 0, merged: 0 });
    expect(rowsOf(driver, 'SELECT created_at, created_at_original, sequence FROM artifacts WHERE rowid = 3')).toEqual([
      ['2025-10-13T12:30:00.123000+00:00', '2025-10-13T14:30:00.1234+02:00', 5],
    ]);
    expect(tags(driver)).toContainEqual(['new', '2025-10-13T12:30:00.123000+00:00', idOf(3)]);
    expect(state(driver)).toEqual([expect.stringMatching(/^[\da-f-]{36}$/), 5]);
  });

  it('gives a replaced artifact a new number, its new time and its new tags', () => {
    insertArtifact(driver, idOf(1), '2025-10-13T15:00:00', '["new"]');
    renewBoard(driver);
    expect(numbers(driver)).toEqual([
      [idOf(2), 2],
      [idOf(1), 5],
    ]);
    expect(tags(driver)).toEqual([
      ['new', '2025-10-13T15:00:00.000000+00:00', idOf(1)],
      ['old', ONE, idOf(2)],
      ['other', ONE, idOf(2)],
    ]);
  });

  it('drops the tags of an artifact that somebody replaced as a whole', () => {
    driver.script(`INSERT OR REPLACE INTO artifacts (artifact_id, type, canonical_type, produced_by, payload, version,
      visibility, tags, created_at) VALUES ('${idOf(1)}', 'A', 'A', 'a', '{}', 1, '{}', '["new"]', '${ONE}')`);
    renewBoard(driver);
    expect(tags(driver)).toEqual([
      ['new', ONE, idOf(1)],
      ['old', ONE, idOf(2)],
      ['other', ONE, idOf(2)],
    ]);
  });

  it('drops the tags of an artifact that somebody replaced and then deleted', () => {
    driver.script(`INSERT OR REPLACE INTO artifacts (artifact_id, type, canonical_type, produced_by, payload, version,
      visibility, tags, created_at) VALUES ('${idOf(1)}', 'A', 'A', 'a', '{}', 1, '{}', '["new"]', '${ONE}');
      DELETE FROM artifacts WHERE artifact_id = '${idOf(1)}'`);
    adoptBoard(driver);
    expect(tags(driver)).toEqual([
      ['old', ONE, idOf(2)],
      ['other', ONE, idOf(2)],
    ]);
  });

  it('numbers several in the board’s order, then consumptions', () => {
    insertArtifact(driver, idOf(5), '2025-10-13T09:00:00');
    insertArtifact(driver, idOf(4), '2025-10-13T09:00:00Z');
    insertConsumption(driver, idOf(5), '2025-10-13T09:00:02');
    insertConsumption(driver, idOf(4), '2025-10-13T09:00:01');
    expect(renewBoard(driver)).toEqual({ artifacts: 2, consumptions: 2, merged: 0 });
    expect(numbers(driver).slice(2)).toEqual([
      [idOf(4), 5],
      [idOf(5), 6],
    ]);
    expect(numbers(driver, 'artifact_consumptions').slice(2)).toEqual([
      [idOf(4), 7],
      [idOf(5), 8],
    ]);
    expect(state(driver)?.[1]).toBe(8);
  });

  it('merges a consumption with the very same one, not with that of an agent whose name lacks a mark', () => {
    const [marked, plain] = ['\ufeffagent-with-a-long-name', 'agent-with-a-long-name'];
    const time = '2025-10-13T16:00:00.000000+00:00';
    for (const runId of [null, 'r']) {
      insertConsumption(driver, idOf(1), '2025-10-13T16:00:00+00:00', { consumer: marked, runId });
      insertConsumption(driver, idOf(1), time, { consumer: marked, runId });
      insertConsumption(driver, idOf(1), time, { consumer: plain, runId });
    }
    expect(renewBoard(driver)).toEqual({ artifacts: 0, consumptions: 4, merged: 2 });
    const kept = `SELECT hex(consumer) LIKE 'EFBBBF%', run_id FROM artifact_consumptions
      WHERE consumed_at = '${time}' ORDER BY 1, 2`;
    expect(rowsOf(driver, kept)).toEqual([
      [0, null],
      [0, 'r'],
      [1, null],
      [1, 'r'],
    ]);
  });

  it('goes on from the last number even when its row is gone', () => {
    driver.script('UPDATE board_state SET sequence = 100');
    insertArtifact(driver, idOf(3), NOON);
    renewBoard(driver);
    expect(numbers(driver).at(-1)).toEqual([idOf(3), 101]);
  });

  it('writes nothing but its number to a row that is in our form', () => {
    driver.script(`CREATE TRIGGER artifact_written BEFORE UPDATE OF created_at ON artifacts
      BEGIN SELECT raise(ABORT, 'written'); END;
      CREATE TRIGGER consumption_written BEFORE UPDATE OF consumed_at ON artifact_consumptions
      BEGIN SELECT raise(ABORT, 'written'); END`);
    insertArtifact(driver, idOf(3), NOON);
    insertConsumption(driver, idOf(3), NOON);
    expect(renewBoard(driver)).toEqual({ artifacts: 1, consumptions: 1, merged: 0 });
  });

  it('keeps our consumption where somebody recorded the same one in another form', () => {
    insertConsumption(driver, idOf(1), '2025-10-13T14:00:00+02:00', { correlationId: 'theirs' });
    expect(renewBoard(driver)).toEqual({ artifacts: 0, consumptions: 0, merged: 1 });
    expect(rowsOf(driver, 'SELECT correlation_id, sequence FROM artifact_consumptions')).toEqual([
      ['ours', 3],
      [null, 4],
    ]);
    expect(state(driver)?.[0]).not.toBe('epoch');
  });

  it('keeps our consumption even where theirs comes first in the table', () => {
    driver.script('UPDATE artifact_consumptions SET rowid = rowid + 10');
    driver.script(`INSERT INTO artifact_consumptions (rowid, artifact_id, consumer, correlation_id, consumed_at)
      VALUES (1, '${idOf(1)}', 'agent', 'theirs', '2025-10-13T12:00:00Z')`);
    expect(renewBoard(driver)).toEqual({ artifacts: 0, consumptions: 0, merged: 1 });
    expect(rowsOf(driver, 'SELECT correlation_id FROM artifact_consumptions WHERE sequence = 3')).toEqual([['ours']]);
  });

  it('keeps the first text of an instant that somebody wrote again in other words', () => {
    insertArtifact(driver, idOf(3), '2025-10-13T14:30:00.1234+02:00');
    renewBoard(driver);
    driver.script("UPDATE artifacts SET created_at = '2025-10-13T12:30:00.123+00:00' WHERE rowid = 3");
    expect(renewBoard(driver)).toEqual({ artifacts: 1, consumptions: 0, merged: 0 });
    expect(rowsOf(driver, 'SELECT created_at, created_at_original FROM artifacts WHERE rowid = 3')).toEqual([
      ['2025-10-13T12:30:00.123000+00:00', '2025-10-13T14:30:00.1234+02:00'],
    ]);
  });

  it('forgets the first text of a time that somebody replaced by another', () => {
    insertArtifact(driver, idOf(3), '2025-10-13T14:30:00.1234+02:00');
    renewBoard(driver);
    insertArtifact(driver, idOf(3), NOON);
    renewBoard(driver);
    expect(rowsOf(driver, 'SELECT created_at, created_at_original FROM artifacts WHERE rowid = 3')).toEqual([
      [NOON, null],
    ]);
  });

  it('leaves a consumption as it is where the table refuses its time in our form', () => {
    driver.script(`CREATE TRIGGER theirs BEFORE UPDATE OF consumed_at ON artifact_consumptions
      WHEN NEW.consumed_at LIKE '%.000000+00:00' BEGIN SELECT raise(IGNORE); END`);
    insertConsumption(driver, idOf(1), '2025-10-13T13:00:00Z');
    expect(renewBoard(driver)).toEqual({ artifacts: 0, consumptions: 1, merged: 0 });
    expect(rowsOf(driver, 'SELECT consumed_at FROM artifact_consumptions WHERE sequence = 5')).toEqual([
      ['2025-10-13T13:00:00Z'],
    ]);
  });

  it('leaves nothing of what somebody deleted in the tags', () => {
    driver.script(`DELETE FROM artifacts WHERE created_at < '${ONE}'`);
    renewBoard(driver);
    expect(tags(driver)).toEqual([
      ['old', ONE, idOf(2)],
      ['other', ONE, idOf(2)],
    ]);
  });

  it('is found to be unnecessary without reading the rows', () => {
    for (const table of ['artifacts', 'artifact_consumptions']) {
      const plan = rowsOf(driver, `EXPLAIN QUERY PLAN SELECT 1 FROM ${table} WHERE sequence IS NULL LIMIT 1`);
      expect(plan.map((row) => String(row[3]))).toEqual([expect.stringMatching(/USING (COVERING )?INDEX \w+_stale/)]);
    }
  });

  it('survives a vacuum in between', () => {
    driver.script(`DELETE FROM artifacts WHERE rowid = 1; VACUUM`);
    insertArtifact(driver, idOf(3), NOON, '["new"]');
    renewBoard(driver);
    expect(tags(driver)).toEqual([
      ['new', NOON, idOf(3)],
      ['old', ONE, idOf(2)],
      ['other', ONE, idOf(2)],
    ]);
  });
});

describe('an adoption', () => {
  it('begins a new epoch at the last number, although there is nothing to renew', () => {
    const before = [numbers(driver), numbers(driver, 'artifact_consumptions'), tags(driver)];
    expect(adoptBoard(driver)).toEqual({ artifacts: 0, consumptions: 0, merged: 0 });
    expect(state(driver)).toEqual([expect.stringMatching(/^[\da-f-]{36}$/), 4]);
    expect([numbers(driver), numbers(driver, 'artifact_consumptions'), tags(driver)]).toEqual(before);
  });

  it('renews what somebody wrote, and goes on from its number', () => {
    insertArtifact(driver, idOf(3), '2025-10-13T14:30:00+02:00', '["new"]');
    expect(adoptBoard(driver)).toEqual({ artifacts: 1, consumptions: 0, merged: 0 });
    expect(numbers(driver).at(-1)).toEqual([idOf(3), 5]);
    expect(tags(driver)).toContainEqual(['new', '2025-10-13T12:30:00.000000+00:00', idOf(3)]);
    expect(state(driver)).toEqual([expect.stringMatching(/^[\da-f-]{36}$/), 5]);
  });

  it('changes nothing when it fails', () => {
    driver.script(`CREATE TRIGGER stop BEFORE INSERT ON board_state BEGIN SELECT raise(ABORT, 'stop'); END`);
    insertArtifact(driver, idOf(3), '2025-10-13T12:00:00');
    const before = contentOf(driver);
    expect(() => adoptBoard(driver)).toThrow('stop');
    expect(contentOf(driver)).toEqual(before);
  });
});

describe('a renewal brings back', () => {
  it.each([
    ['an index of ours', 'DROP INDEX artifacts_by_time'],
    ['an index of the original', 'DROP INDEX idx_artifacts_partition'],
    ['the index of identities', 'DROP INDEX consumptions_identity'],
    ['a table of the original', 'DROP TABLE agent_snapshots'],
  ])('%s', async (_, damage) => {
    const names = () => rowsOf(driver, 'SELECT name FROM sqlite_master ORDER BY name');
    const before = names();
    driver.script(damage);
    expect(renewBoard(driver)).toEqual({ artifacts: 0, consumptions: 0, merged: 0 });
    expect(names()).toEqual(before);
    expect(state(driver)).toEqual(['epoch', 4]);
    expect(renewBoard(driver)).toBeNull();
  });

  it.each([
    ['a trigger', 'DROP TRIGGER artifacts_changed_elsewhere'],
    [
      'the tags',
      'DROP TRIGGER artifacts_drop_replaced_tags; DROP TRIGGER artifacts_drop_deleted_tags; DROP TABLE artifact_tags',
    ],
  ])('%s, and trusts no artifact that may have changed meanwhile', (_, damage) => {
    const names = () => rowsOf(driver, 'SELECT name FROM sqlite_master ORDER BY name');
    const before = [tags(driver), names()];
    driver.script(damage);
    driver.script("UPDATE artifacts SET created_at = '2025-10-13T15:00:00+02:00' WHERE rowid = 2");
    expect(renewBoard(driver)).toEqual({ artifacts: 2, consumptions: 0, merged: 0 });
    expect([tags(driver), names()]).toEqual(before);
    expect(numbers(driver).map(([, sequence]) => sequence)).toEqual([5, 6]);
    expect(renewBoard(driver)).toBeNull();
  });

  it('the state of the board when its row was lost, under a new epoch', () => {
    driver.script('DELETE FROM board_state');
    expect(renewBoard(driver)).toEqual({ artifacts: 0, consumptions: 0, merged: 0 });
    expect(state(driver)).toEqual([expect.stringMatching(/^[\da-f-]{36}$/), 4]);
  });

  it('the column of first texts', () => {
    driver.script('ALTER TABLE artifacts DROP COLUMN created_at_original');
    expect(renewBoard(driver)).toEqual({ artifacts: 0, consumptions: 0, merged: 0 });
    expect(rowsOf(driver, 'SELECT created_at_original FROM artifacts')).toEqual([[null], [null]]);
  });

  it('the numbers when their column was lost', () => {
    driver.script(`DROP INDEX artifacts_stale; DROP TRIGGER artifacts_changed_elsewhere;
      ALTER TABLE artifacts DROP COLUMN sequence`);
    expect(renewBoard(driver)).toEqual({ artifacts: 2, consumptions: 0, merged: 0 });
    expect(numbers(driver)).toEqual([
      [idOf(1), 5],
      [idOf(2), 6],
    ]);
  });
});
