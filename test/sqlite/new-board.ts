import type { StoredArtifact } from '../../src/core/fact.ts';
import { createBoardScript } from '../../src/sql/schema.ts';
import { startState } from '../../src/sql/statements.ts';
import { loadEngine } from '../../src/sqlite/load-engine.ts';
import { SqliteBoard } from '../../src/sqlite/sqlite-board.ts';
import { SqlJsDriver } from '../../src/sqlite/sqljs-driver.ts';

export const EPOCH = '0197a000-0000-7000-8000-000000000000';

export interface NewBoard {
  readonly driver: SqlJsDriver;
  readonly board: SqliteBoard;
}

/** An empty board in memory. */
export async function newBoard(): Promise<NewBoard> {
  const driver = new SqlJsDriver(await loadEngine());
  driver.script(createBoardScript());
  driver.run(startState(EPOCH));
  const board = new SqliteBoard(driver, (error) => {
    throw error;
  });
  return { driver, board };
}

export function idOf(n: number): string {
  return `00000000-0000-4000-8000-${n.toString(16).padStart(12, '0')}`;
}

/** An artifact with the id of its number and that many milliseconds old after the epoch; the number is its sequence too. */
export function artifactOf(n: number, fields: Partial<StoredArtifact> = {}): StoredArtifact {
  return {
    id: idOf(n),
    type: 'films.Movie',
    payload: { n },
    producedBy: 'scout',
    correlationId: null,
    partitionKey: null,
    tags: [],
    visibility: { kind: 'Public' },
    createdAt: n,
    version: 1,
    sequence: n,
    ...fields,
  };
}
