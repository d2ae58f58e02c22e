import * as fc from 'fast-check';
import type { BlackboardStore, StoreOptions } from '../../src/core/store.ts';
import { steps, type Call, type Step } from './operations.ts';
import { TYPES } from './sample-types.ts';
import { times } from './sample-values.ts';
import { optionsOf, Session } from './session.ts';
import { differenceOf, textOf } from './text-of.ts';

type Open = (options: StoreOptions) => BlackboardStore | Promise<BlackboardStore>;

/** That two stores with the same clock and ids answer every step of any sequence alike. */
export function agreement(first: Open, second: Open) {
  return fc.asyncProperty(steps, times, someTypes, (sequence, clock, types) =>
    runSideBySide(first, second, sequence, () => optionsOf(clock, types)),
  );
}

/**
 * As {@link agreement}, where a store remembers nothing but the board, so no types that come later and not its last stamp, and
 * where a call may still wait when another store has ended it: signals are aborted before a call or never.
 */
export function agreementOfBoards(first: Open, second: Open) {
  // The last one clashes with the first.
  const types = TYPES.slice(0, -1);
  const steadyTimes = times.map((clock) => clock.toSorted((a, b) => a - b));
  const certainSteps = steps.map((sequence) => sequence.map((step) => step.map(withoutLateAbort)));
  return fc.asyncProperty(certainSteps, steadyTimes, (sequence, clock) =>
    runSideBySide(first, second, sequence, () => optionsOf(clock, types)),
  );
}

function withoutLateAbort({ abort, ...call }: Call): Call {
  return abort === 'before' ? { ...call, abort } : call;
}

/** None, or one; others may come with the calls. */
export const someTypes = fc.boolean().map((withType) => TYPES.slice(0, withType ? 1 : 0));

async function runSideBySide(
  first: Open,
  second: Open,
  sequence: readonly Step[],
  createOptions: () => StoreOptions,
): Promise<void> {
  const one = new Session(await first(createOptions()));
  const other = new Session(await second(createOptions()));
  for (const step of sequence) compare(await one.run(step), await other.run(step), step);
  compare(await one.end(), await other.end(), 'the end');
}

export function compare(one: readonly string[], other: readonly string[], step: Step | string): void {
  for (const [i, text] of one.entries()) {
    if (text === other[i]) continue;
    throw new Error(`The answers to ${textOf(step)} differ at ${String(i)}:${differenceOf(text, other[i] ?? '')}`);
  }
}
