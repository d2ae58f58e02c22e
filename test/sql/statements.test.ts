import { beforeEach, describe, expect, it } from 'vitest';
import * as sql from '../../src/sql/statements.ts';
import type { SqlJsDriver } from '../../src/sqlite/sqljs-driver.ts';
import { artifactOf, EPOCH, idOf, newBoard } from '../sqlite/new-board.ts';

let driver: SqlJsDriver;
beforeEach(async () => {
  ({ driver } = await newBoard());
});

describe('the state of a board', () => {
  it('begins at nothing under its epoch, and is what was written last', () => {
    expect(driver.all(sql.readState)).toEqual([[0, EPOCH]]);
    driver.run(sql.writeState('another', 7));
    expect(driver.all(sql.readState)).toEqual([[7, 'another']]);
  });
});

describe('a rule of somebody else', () => {
  it('is none of the indexes and triggers that a board has', () => {
    expect(driver.all(sql.findForeignRule)).toEqual([]);
  });

  it.each([
    ['a trigger', 'CREATE TRIGGER theirs AFTER DELETE ON artifacts BEGIN SELECT 1; END'],
    ['an index without duplicates', 'CREATE UNIQUE INDEX theirs ON artifact_consumptions(consumer)'],
  ])('is %s that it has not', (_, text) => {
    driver.script(text);
    expect(driver.all(sql.findForeignRule)).toEqual([['theirs']]);
  });

  it('is no index that takes any row, and nothing on a table of their own', () => {
    driver.script(
      'CREATE INDEX theirs ON artifacts(version); CREATE TABLE other (id); CREATE UNIQUE INDEX x ON other(id)',
    );
    expect(driver.all(sql.findForeignRule)).toEqual([]);
  });
});

describe('a receipt', () => {
  it('is the last call of its writer, and of no other', () => {
    expect(driver.all(sql.getReceipt('a'))).toEqual([]);
    driver.run(sql.putReceipt('a', 1));
    driver.run(sql.putReceipt('b', 9));
    driver.run(sql.putReceipt('a', 2 ** 53 - 1));
    expect(driver.all(sql.getReceipt('a'))).toEqual([[2 ** 53 - 1]]);
    expect(driver.all(sql.getReceipt('b'))).toEqual([[9]]);
    expect(driver.all(sql.getReceipt('c'))).toEqual([]);
  });
});

describe('the ids of a type', () => {
  it('are those of its artifacts, found along an index', () => {
    for (const [n, type] of [
      [1, 'Movie'],
      [2, 'Review'],
      [3, 'Movie'],
      [4, 'movie'],
    ] as const)
      driver.run(sql.putArtifact(artifactOf(n, { type })));
    const statement = sql.listIdsOfType('Movie');
    expect(driver.all(statement)).toEqual([[idOf(1)], [idOf(3)]]);
    const [plan] = driver.all({ text: `EXPLAIN QUERY PLAN ${statement.text}`, values: statement.values });
    expect(plan?.[3]).toMatch(/^SEARCH artifacts USING .*INDEX .*\(canonical_type=\?\)$/);
  });
});
