import { CorruptError } from '../core/errors.ts';
import { quote } from '../core/text.ts';
import { statement, type Driver, type Row } from './driver.ts';
import { readNumber, readTexts } from './read-column.ts';
import { AGENT_CELLS, ARTIFACT_CELLS, CONSUMPTION_CELLS, readAgent, readArtifact, readConsumption } from './rows.ts';
import { TABLES } from './schema.ts';

/** Something about a board that somebody should know: a fault is wrong, a note is not. */
export interface Finding {
  readonly kind: 'fault' | 'note';
  readonly message: string;
}

/** As many of one sort as are told one by one. */
const SHOWN = 20;

/** What SQLite itself finds: https://sqlite.org/pragma.html#pragma_integrity_check */
export function checkIntegrity(driver: Driver): Finding[] {
  const problems = readTexts(driver, `PRAGMA integrity_check(${String(SHOWN)})`);
  if (problems.length === 1 && problems[0] === 'ok') return [];
  return problems.map((problem) => fault(`the database is damaged: ${problem}`));
}

/** Rows of a board that cannot be read exactly, each named. */
export function checkRows(driver: Driver): Finding[] {
  return [
    ...unreadable(driver, `SELECT ${ARTIFACT_CELLS} FROM artifacts AS a ORDER BY a.rowid`, readArtifact),
    ...unreadable(
      driver,
      `SELECT ${CONSUMPTION_CELLS} FROM artifact_consumptions AS c ORDER BY c.rowid`,
      readConsumption,
    ),
    ...unreadable(driver, `SELECT ${AGENT_CELLS} FROM agent_snapshots AS s ORDER BY s.rowid`, readAgent),
  ];
}

function unreadable(driver: Driver, text: string, read: (row: Row) => unknown): Finding[] {
  const found: string[] = [];
  for (const row of driver.each(statement(text))) {
    try {
      read(row);
    } catch (error) {
      if (!(error instanceof CorruptError)) throw error;
      found.push(error.message);
    }
  }
  return shorten(found).map(fault);
}

/**
 * Consumptions of artifacts that are not there. The original leaves them behind when it deletes, so on a board that it began
 * they are to be expected; ours go with their artifacts.
 */
export function checkOrphans(driver: Driver): Finding[] {
  const text = `SELECT artifact_id, consumer FROM artifact_consumptions AS c
    WHERE NOT EXISTS (SELECT 1 FROM artifacts AS a WHERE a.artifact_id = c.artifact_id) ORDER BY rowid`;
  const orphans = driver.all(statement(text)).map(([id = null, consumer = null]) => {
    return `a consumption by ${quote(consumer)} is of artifact ${quote(id)}, which is not on the board`;
  });
  return shorten(orphans).map(isBegunByOriginal(driver) ? note : fault);
}

/** A table keeps the text that it was made with, but for the columns that were added. */
function isBegunByOriginal(driver: Driver): boolean {
  const ours = TABLES.artifact_consumptions.replace('IF NOT EXISTS ', '').slice(0, -1);
  const [text] = readTexts(driver, "SELECT sql FROM sqlite_master WHERE name = 'artifact_consumptions'");
  return !String(text).startsWith(ours);
}

/** Whether what we derive fits what it is derived from. */
export function checkDerived(driver: Driver): Finding[] {
  const tags = `SELECT t.tag, t.artifact_id FROM artifact_tags AS t LEFT JOIN artifacts AS a
      ON a.artifact_id = t.artifact_id AND a.created_at = t.created_at
      WHERE a.artifact_id IS NULL OR (json_valid(a.tags) AND t.tag NOT IN (SELECT value FROM json_each(a.tags)))
    UNION ALL SELECT wanted.value, a.artifact_id FROM artifacts AS a, json_each(iif(json_valid(a.tags), a.tags, '[]')) AS wanted
      WHERE NOT EXISTS (SELECT 1 FROM artifact_tags AS t
        WHERE t.tag = wanted.value AND t.created_at = a.created_at AND t.artifact_id = a.artifact_id)`;
  const wrongTags = driver.all(statement(tags)).map(([tag = null, id = null]) => {
    return `the table of tags does not fit artifact ${quote(id)}: tag ${quote(tag)}`;
  });
  const numbers = `SELECT sequence, count(*) FROM
      (SELECT sequence FROM artifacts UNION ALL SELECT sequence FROM artifact_consumptions)
    WHERE sequence IS NOT NULL GROUP BY sequence
    HAVING count(*) > 1 OR sequence > (SELECT sequence FROM board_state)`;
  const wrongNumbers = driver.all(statement(numbers)).map(([sequence = null, count = null]) => {
    return count === 1
      ? `sequence ${quote(sequence)} is above the last one of the board`
      : `sequence ${quote(sequence)} was given ${quote(count)} times`;
  });
  return [...shorten(wrongTags), ...shorten(wrongNumbers)].map(fault);
}

export function countAgents(driver: Driver): number {
  return readNumber(driver, 'SELECT count(*) FROM agent_snapshots');
}

export function fault(message: string): Finding {
  return { kind: 'fault', message };
}

export function note(message: string): Finding {
  return { kind: 'note', message };
}

function shorten(found: readonly string[]): string[] {
  if (found.length <= SHOWN) return [...found];
  return [...found.slice(0, SHOWN), `and ${String(found.length - SHOWN)} more like the last one`];
}
