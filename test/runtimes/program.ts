import type { Fault } from './faults/faults.ts';
import type { ColdStart } from './suite/cold-start.ts';
import type { Answer, Task } from './suite/host.ts';
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
  start(): Promise<Program>;
}

/** A runtime that is there. */
export interface Runtime {
  readonly version: string;
  readonly scopes: readonly Scope[];
  /** Null when the subject does not run here. */
  coldStart(subject: Subject): Promise<ColdStart | null>;
  /** What may go wrong here beside the suite, and the one that shows that it is seen. */
  readonly faults?: readonly Fault[];
  readonly sabotagedFaults?: readonly Fault[];
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
