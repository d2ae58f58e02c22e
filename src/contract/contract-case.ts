import type { BlackboardStore, StoreCapabilities, StoreOptions } from '../core/store.ts';

/** How a case comes back to a board. */
export interface ReopenStoreOptions extends StoreOptions {
  /** Drops the store without closing it, as the death of its process does. */
  readonly abandon?: boolean;
}

/**
 * Makes the stores that a case works on. Whoever runs the contract against a store of their own implements this, and owes
 * each case a time limit: a store that never answers is one way to fail.
 */
export interface StoreBench {
  /**
   * Opens a store on a new, empty board that shares nothing with any other board. The options are handed on as they are:
   * clock, ids and types belong to the case. When the case has ended, whatever came of it, the bench closes what is still
   * open and removes what it made.
   */
  open(options?: StoreOptions): Promise<BlackboardStore>;
  /**
   * Closes the store unless it is closed or abandoned, and opens a new one on the same board, as the next run of a program
   * would: from what is on the medium, with nothing kept in memory. Only for stores whose capabilities say `durable`.
   */
  reopen(store: BlackboardStore, options?: ReopenStoreOptions): Promise<BlackboardStore>;
}

/**
 * The rules of the contract: 1 order and instants, 2 replacing and ids, 3 type names, 4 schemas, 5 payloads and text,
 * 6 copies, 7 filters, 8 pages and cursors, 9 consumptions, 10 counts and tags, 11 deletion, 12 visibility,
 * 13 atomicity, order of calls and durability, 14 errors and signals, 15 the same answers everywhere.
 */
export type RuleNumber = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | 10 | 11 | 12 | 13 | 14 | 15;

/** One behaviour that every store shows. */
export interface ContractCase {
  /** A sentence about what a store does, different from that of every other case. */
  readonly name: string;
  readonly rule: RuleNumber;
  /** The case is for stores with all of these capabilities; for all stores when there are none. */
  readonly needs?: readonly (keyof StoreCapabilities)[];
  /** Rejects when the store does something else; the message shows what was expected and what came instead. */
  run(bench: StoreBench): Promise<void>;
}

/** Whether a case is for a store with these capabilities. There is no other reason to leave a case out. */
export function isSupported(contractCase: ContractCase, capabilities: StoreCapabilities): boolean {
  return (contractCase.needs ?? []).every((capability) => capabilities[capability]);
}

/** The cases of one rule, by their names. */
export function casesOf(
  rule: RuleNumber,
  runs: Readonly<Record<string, ContractCase['run']>>,
  needs?: ContractCase['needs'],
): ContractCase[] {
  return Object.entries(runs).map(([name, run]) => ({ name, rule, run, ...(needs && { needs }) }));
}
