import type { Medium } from 'boardlite/sqlite';
import type { MediumCapabilities } from 'boardlite/testing';

/** The media of a runtime. */
export interface HostMedia {
  /** What the table calls them. */
  readonly name: string;
  readonly capabilities: MediumCapabilities;
  /** The medium of a board; the same name is the same place. */
  at(board: string): Medium;
  /** Does to a board in use what the death of its process does, where that is more than nothing. */
  readonly abandon?: (board: string) => Promise<void>;
  /** Tells the page that it may end now. */
  endPage?(): void;
}

/** What the suite has to know about where it runs. */
export interface Host {
  /** Null where nothing rests. */
  readonly media: HostMedia | null;
}

/** Some of the cases, from a number on. */
export interface CasesTask {
  readonly kind: 'cases';
  readonly from: number;
  readonly count: number;
  readonly suite: Suite;
}

/**
 * Which cases: all; those of boards that rest; of these, those that depend on where in its runtime a program runs; or,
 * sabotaged, only one, which fails.
 */
export type Suite = 'all' | 'durable' | 'place' | 'sabotaged';

/** What a program in a runtime is asked to do. */
export type Task =
  | CasesTask
  /** Writes to a board until somebody ends the program; answers when so many writes were acknowledged. */
  | { readonly kind: 'write'; readonly board: string; readonly count: number }
  /** Opens a board whose program has ended, and counts what is there. */
  | { readonly kind: 'count'; readonly board: string };

/** What came of a case. */
export interface Outcome {
  readonly name: string;
  readonly outcome: 'passed' | 'skipped' | 'failed';
  /** Why it was skipped, or what it failed with. */
  readonly reason?: string;
  /** How long it took. */
  readonly ms?: number;
}

export interface Answer {
  readonly outcomes: readonly Outcome[];
  /** How many cases there are. */
  readonly total: number;
  /** How many writes were found. */
  readonly writes: number;
}
