import { statement, type Driver, type SqlValue } from './driver.ts';

/** The first column of an answer, as texts. */
export function readTexts(driver: Driver, text: string, ...values: SqlValue[]): string[] {
  return readColumn(driver, text, values).map(String);
}

/** What a query answers with that always has a row of one number. */
export function readNumber(driver: Driver, text: string): number {
  return Number(readColumn(driver, text, [])[0]);
}

function readColumn(driver: Driver, text: string, values: readonly SqlValue[]) {
  return driver.all(statement(text, ...values)).map(([cell]) => cell);
}
