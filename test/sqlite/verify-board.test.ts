import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { consumption, entry, idOf } from '../../src/contract/samples.ts';
import type { StoredBoard } from '../../src/persistence/medium.ts';
import { openSqliteStore } from '../../src/sqlite/sqlite-store.ts';
import { verifyBoard, type VerifyOptions } from '../../src/sqlite/verify-board.ts';
import { copyFixtures, openBoardFile, visit } from '../original/boards.ts';
import { temporaryFolder } from '../persistence/temporary-folder.ts';
import { boardAtRest, boardWithLog, change, faultsOf, fill, flip, FOREIGN, verify } from './boards-to-verify.ts';
import type { SqliteStore } from '../../src/sqlite/store.ts';
import { TrialMedium } from './trial-medium.ts';
import { failureOf, NOTE, openEmpty } from './trial-store.ts';

describe('verifyBoard finds nothing wrong with', () => {
  it('a board at rest, and counts what is there', async () => {
    expect(await verify(await boardAtRest())).toEqual({
      findings: [],
      counts: { artifacts: 2, consumptions: 2, agents: 1, sequence: 5, logRecords: 0 },
    });
  });

  it('a board whose writes are in its log', async () => {
    expect(await verify(await boardWithLog())).toEqual({
      findings: [],
      counts: { artifacts: 3, consumptions: 2, agents: 1, sequence: 6, logRecords: 4 },
    });
  });

  it('a board that somebody is writing', async () => {
    const path = join(await temporaryFolder(), 'board.db');
    const store = await openBoardFile(path);
    await fill(store);
    expect((await verify(path)).findings).toEqual([]);
    await store.checkpoint();
    expect((await verify(path)).findings).toEqual([]);
  });

  it('boards of the original, but notes what they are and the consumption whose artifact is gone', async () => {
    const path = await copyFixtures('original-v3.db');
    const { findings } = await verify(path);
    expect(findings).toEqual([
      { kind: 'note', message: 'it is a board of the original, version 3; opening it to write migrates it' },
      {
        kind: 'note',
        message: expect.stringMatching(/^a consumption by ".+" is of artifact ".+", which is not/) as string,
      },
    ]);
    await visit(path, (store) => store.flush());
    const migrated = await verify(path);
    expect(migrated.findings).toEqual(findings.slice(1));
    expect(migrated.counts?.artifacts).toBe(60);
  });
});

describe('verifyBoard finds', () => {
  it('a flipped byte anywhere in the database', async () => {
    const path = await boardAtRest();
    const whole = await readFile(path);
    for (let place = 0; place < whole.length; place += 997) {
      await flip(path, place);
      expect(await faultsOf(path), `byte ${String(place)}`).not.toEqual([]);
      await writeFile(path, whole);
    }
    await flip(path, whole.indexOf('an easily found text'));
    expect(await faultsOf(path)).toEqual([FOREIGN]);
    await flip(path, 0);
    expect((await faultsOf(path)).join()).toContain('not a SQLite database');
  });

  it('a flipped byte of a database that a log follows', async () => {
    const path = await boardWithLog();
    await flip(path, 5000);
    expect((await faultsOf(path)).join()).toContain('it is not the file that the 4 records in');
  });

  it.each([
    ['index "artifacts_by_time"', 'DROP INDEX artifacts_by_time'],
    ['index "consumptions_identity"', 'DROP INDEX consumptions_identity'],
    ['index "idx_artifacts_partition"', 'DROP INDEX idx_artifacts_partition'],
    ['trigger "artifacts_changed_elsewhere"', 'DROP TRIGGER artifacts_changed_elsewhere'],
    ['table "artifact_tags"', 'DROP TABLE artifact_tags'],
    ['column "created_at_original" of table "artifacts"', 'ALTER TABLE artifacts DROP COLUMN created_at_original'],
  ])('that the %s is missing', async (part, script) => {
    const path = await boardAtRest();
    await change(path, script);
    expect(await faultsOf(path)).toEqual([FOREIGN, `${part} is missing; opening it to write makes it anew`]);
  });

  const unreadable = `Cannot read artifact "${idOf(2)}": its payload is "{broken", which cannot be read exactly as JSON`;
  it.each([
    [
      'a row with invalid JSON',
      `UPDATE artifacts SET payload = '{broken' WHERE artifact_id = '${idOf(2)}'`,
      unreadable,
    ],
    [
      'a consumption without its artifact',
      `UPDATE artifact_consumptions SET artifact_id = '${idOf(9)}' WHERE artifact_id = '${idOf(2)}'`,
      `a consumption by "reader" is of artifact "${idOf(9)}", which is not on the board`,
    ],
    [
      'a time that is none',
      `UPDATE artifact_consumptions SET consumed_at = 'yesterday' WHERE artifact_id = '${idOf(2)}'`,
      `Cannot read consumption of artifact "${idOf(2)}": its time is "yesterday", not an ISO 8601 time in the years 1 to 9999`,
    ],
    [
      'an agent that cannot be read',
      `UPDATE agent_snapshots SET labels = '{}'`,
      'Cannot read snapshot of agent "scribe": its labels are "{}", not a JSON array of strings',
    ],
    [
      'a tag that was lost',
      "DELETE FROM artifact_tags WHERE tag = 'a'",
      `the table of tags does not fit artifact "${idOf(1)}": tag "a"`,
    ],
    ['a number that was given twice', 'UPDATE artifact_consumptions SET sequence = 1', 'sequence 1 was given 3 times'],
    [
      'a number that was never given',
      'UPDATE artifact_consumptions SET sequence = 99 WHERE rowid = 1',
      'sequence 99 is above the last one of the board',
    ],
  ])('%s', async (_, script, message) => {
    const path = await boardAtRest();
    await change(path, script);
    expect(await faultsOf(path)).toEqual([FOREIGN, message]);
  });

  it('many faults of one sort, and lists the first', async () => {
    const path = join(await temporaryFolder(), 'board.db');
    await visit(path, (store) => store.publishMany(Array.from({ length: 30 }, (_, i) => entry(i))));
    await change(path, "UPDATE artifacts SET payload = 'x'");
    const faults = await faultsOf(path);
    expect([faults.length, faults.at(-1)]).toEqual([22, 'and 10 more like the last one']);
  });

  it('rows that another program wrote, which is no fault of theirs', async () => {
    const path = await boardAtRest();
    await change(path, `UPDATE artifacts SET payload = '{}'`);
    expect((await verify(path)).findings).toEqual([
      { kind: 'fault', message: FOREIGN },
      { kind: 'note', message: 'another program wrote rows since it was saved; opening it to write takes them over' },
    ]);
  });

  it.each<[recovered: StoredBoard['recovered'], message: RegExp]>([
    ['earlier-generation', /^the last snapshot is damaged: /],
    ['torn-tail', /^the last bytes of the log are no whole record: /],
  ])('what the medium had to do to read the board: %s', async (recovered, message) => {
    const { medium, store } = await openEmpty();
    await store.publish(NOTE);
    await store.close();
    medium.recovered = recovered;
    const { findings, counts } = await verifyBoard({ medium });
    expect(findings).toEqual([{ kind: 'fault', message: expect.stringMatching(message) as string }]);
    expect(counts?.artifacts).toBe(1);
  });

  it('what is no board at all, and that there is none', async () => {
    const path = join(await temporaryFolder(), 'board.db');
    await expect(verify(path)).rejects.toMatchObject({ code: 'not-found' });
    await writeFile(path, 'Dear diary'.repeat(100));
    expect((await verify(path)).counts).toBeNull();
    expect(await faultsOf(path)).toEqual([expect.stringContaining('it is not a SQLite database')]);
  });
});

describe('verifyBoard takes', () => {
  it('what openSqliteStore takes, and waits for the engine', async () => {
    const { medium, store } = await openEmpty();
    await store.close();
    const { signal } = new AbortController();
    const options = { medium, wasm: Promise.resolve('sql-wasm.wasm'), onProgress: () => undefined, signal };
    expect((await verifyBoard(options)).findings).toEqual([]);
  });

  it('an abort at once, also while the engine never comes', async () => {
    const medium = new TrialMedium();
    const reason = new Error('enough');
    const controller = new AbortController();
    const never = new Promise<never>(() => {});
    const verifying = verifyBoard({ medium, wasm: never, signal: controller.signal });
    controller.abort(reason);
    await expect(verifying).rejects.toBe(reason);
    await expect(verifyBoard({ medium, signal: controller.signal })).rejects.toBe(reason);
    expect(medium.steps).toEqual([]);
  });

  it('no option that does not exist or makes no sense', async () => {
    const medium = new TrialMedium();
    const wrong: [message: string, options: unknown][] = [
      ['the options must be an object, got undefined', undefined],
      ['the options must be an object, got "board.db"', 'board.db'],
      ['"medium" must be a medium, got undefined', {}],
      ['"medium" must be a medium, got null', { medium: null }],
      ['"medium" must be a medium, got "board.db"', { medium: 'board.db' }],
      ['unknown field "readOnly" in the options', { medium, readOnly: true }],
      ['"onProgress" must be a function, got 5', { medium, onProgress: 5 }],
      ['"signal" must be an AbortSignal, got 5', { medium, signal: 5 }],
    ];
    for (const [message, options] of wrong) {
      expect(await failureOf(verifyBoard(options as VerifyOptions))).toMatchObject({
        code: 'invalid-argument',
        message: `Cannot verify a board: ${message}`,
      });
    }
    expect(medium.steps).toEqual([]);
  });
});

describe('a SQLite store', () => {
  it('tells its indexes', async () => {
    const store = await openSqliteStore();
    const indexes = await store.indexes();
    expect(indexes.find(({ name }) => name === 'artifacts_by_partition')).toEqual({
      ...{ name: 'artifacts_by_partition', table: 'artifacts', isUnique: false, isPartial: true },
      columns: ['partition_key', 'created_at', 'artifact_id'],
      definition: expect.stringContaining('WHERE partition_key IS NOT NULL') as string,
    });
    expect(indexes.find(({ name }) => name === 'consumptions_identity')?.columns).toEqual([
      'artifact_id',
      'consumer',
      '(expression)',
      '(expression)',
      'consumed_at',
    ]);
    expect(indexes.find(({ name }) => name === 'sqlite_autoindex_artifacts_1')?.definition).toBeNull();
    await store.close();
  });

  it('gives what was published since a sequence, in the order in which it was accepted', async () => {
    const store = await openSqliteStore();
    await store.publishMany([entry(1), entry(5), entry(3)]);
    await store.recordConsumptions([consumption(1)]);
    await store.publishMany([entry(2), entry(1)]);
    const since = async (...args: Parameters<SqliteStore['publishedSince']>) =>
      (await store.publishedSince(...args)).map(({ id, sequence }) => [id, sequence]);
    expect(await since(0)).toEqual([
      [idOf(5), 2],
      [idOf(3), 3],
      [idOf(2), 5],
      [idOf(1), 6],
    ]);
    expect(await since(5)).toEqual([[idOf(1), 6]]);
    expect(await since(6)).toEqual([]);
    expect(await since(0, { limit: 1 })).toEqual([[idOf(5), 2]]);
    for (const [sequence, limit] of [
      [-1, 1],
      [0.5, 1],
      [0, 0],
    ] as const) {
      await expect(store.publishedSince(sequence, { limit })).rejects.toMatchObject({ code: 'invalid-argument' });
    }
    const untyped: { publishedSince(...args: unknown[]): Promise<unknown> } = store;
    for (const options of [null, 5, { limits: 1 }]) {
      await expect(untyped.publishedSince(0, options)).rejects.toMatchObject({ code: 'invalid-argument' });
    }
    await store.close();
  });
});
