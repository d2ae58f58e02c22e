import type { Consumption, Entry, Question } from './boards.ts';

/** How many things were found or done; a promise where the contestant works with promises. */
export type Count = number | Promise<number>;

/** A board held by a contestant. What it cannot do, it has no method for. */
export interface Session {
  /** Fills the board, many at a time, with ids and times as given. */
  load(entries: readonly Entry[]): unknown;
  consume?(records: readonly Consumption[]): unknown;
  /** Publishes one new artifact; what it resolves to does not count. */
  publish?(entry: Entry): unknown;
  publishMany?(entries: readonly Entry[]): unknown;
  get?(id: string): Count;
  /** Every artifact of the type. */
  list?(type: string): Count;
  /** The first 50 that match; counts all that do. */
  query?(question: Question): Count;
  /** Goes through the whole board, a page at a time. */
  walk?(pageSize: number, pages: number): Count;
  summary?(): Count;
  history?(agent: string): Count;
  checkpoint?(): unknown;
  /** Closes the board without a checkpoint. Returns how to open it again. */
  close(): unknown;
  reopen?(): Promise<unknown>;
}

export interface Contestant {
  readonly name: string;
  /** The largest board it is asked to hold. */
  readonly most: number;
  /** @param folder is empty, and there for files */
  open(folder: string): Promise<Session>;
}
