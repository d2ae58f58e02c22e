import type { ColdStart } from './suite/cold-start.ts';
import type { Answer, Suite, Task } from './suite/host.ts';
import type { Subject } from './suite/start.ts';

/** The suite where it runs. */
export interface Program {
  perform(task: Task): Promise<Answer>;
  /** Ends it without notice. */
  end(): Promise<void>;
}

/** One kind of place in a runtime: a process, a page, a worker. */
export interface Scope {
  readonly name: string;
  /** Whether boards rest here. */
  readonly isDurable: boolean;
  readonly suite: Exclude<Suite, 'sabotaged'>;
  /** The suite in brief, where that is another one. */
  readonly briefSuite?: Exclude<Suite, 'sabotaged'>;
  start(): Promise<Program>;
}

/** Something beside the suite that has to hold. */
export interface Check {
  readonly name: string;
  readonly run: () => Promise<void>;
  /** Whether it is skipped in brief. */
  readonly isLong?: boolean;
  /** Why it is skipped now. */
  readonly skipped?: string | null;
}

export interface Checks {
  /** What the table calls them. */
  readonly scope: string;
  readonly all: readonly Check[];
  /** One that fails on purpose, where the others would. */
  readonly sabotaged: Check;
}

/** A runtime that is there. */
export interface Runtime {
  readonly version: string;
  readonly scopes: readonly Scope[];
  /** Null when the subject does not run here. */
  coldStart(subject: Subject): Promise<ColdStart | null>;
  readonly checks?: Checks;
  close(): Promise<void>;
}

/** A runtime that may be there. */
export interface Candidate {
  readonly name: string;
  /** What is missing, and the way to get it; null when nothing is. */
  readonly missing: () => string | null;
  /** @param folder in which the package and the suite are installed */
  readonly start: (folder: string) => Promise<Runtime>;
}
