import * as fc from 'fast-check';
import type { BlackboardStore, StoreOptions } from '../../src/core/store.ts';
import { steps, type Step } from './operations.ts';
import { times } from './sample-values.ts';
import { optionsOf, Session } from './session.ts';
import { differenceOf, textOf } from './text-of.ts';

type Open = (options: StoreOptions) => BlackboardStore | Promise<BlackboardStore>;

/** That two stores with the same clock and ids answer every step of any sequence alike. */
export function agreement(first: Open, second: Open) {
  return fc.asyncProperty(steps, times, fc.boolean(), async (sequence, clock, withTypes) => {
    const one = new Session(await first(optionsOf(clock, withTypes)));
    const other = new Session(await second(optionsOf(clock, withTypes)));
    for (const step of sequence) compare(await one.run(step), await other.run(step), step);
    compare(await one.end(), await other.end(), 'the end');
  });
}

export function compare(one: readonly string[], other: readonly string[], step: Step | string): void {
  for (const [i, text] of one.entries()) {
    if (text === other[i]) continue;
    throw new Error(`The answers to ${textOf(step)} differ at ${String(i)}:${differenceOf(text, other[i] ?? '')}`);
  }
}
