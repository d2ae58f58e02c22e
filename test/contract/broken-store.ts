import type { RuleNumber } from '../../src/contract/contract-case.ts';
import type { BlackboardStore } from '../../src/core/store.ts';

/** A memory store with one thing wrong, as stores get things wrong. */
export interface BrokenStore {
  /** What it does, as a sentence. */
  readonly name: string;
  /** The rule that it breaks. */
  readonly rule: RuleNumber;
  readonly alter: (store: BlackboardStore) => BlackboardStore;
}

/** Broken stores of one rule, by what they do. */
export function breaking(rule: RuleNumber, alterations: Readonly<Record<string, BrokenStore['alter']>>): BrokenStore[] {
  return Object.entries(alterations).map(([name, alter]) => ({ name, rule, alter }));
}
