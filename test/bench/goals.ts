import { ORIGINAL } from './original.ts';
import { roundsOf, type SizeResult } from './results.ts';
import { ratioOf, type Spread } from './statistics.ts';

/** How fast one contestant is to be beside another, at one piece of work. */
export interface Goal {
  readonly work: string;
  readonly who: string;
  readonly beside: string;
  /** The least that the other's time over ours may be. */
  readonly least: number;
}

const [LIMIT, SQLITE, FILE, MEMORY] = ['sql.js bare loop', 'boardlite sqlite', 'boardlite file', 'boardlite memory'];

const table = (who: string, beside: string, bounds: Readonly<Record<string, number>>): Goal[] =>
  Object.entries(bounds).map(([work, least]) => ({ work, who, beside, least }));

export const goals: readonly Goal[] = [
  ...table(SQLITE, LIMIT, {
    'publish one by one': 0.6,
    'publishMany of 1,000': 0.75,
    'get by id': 0.6,
    'list by type': 0.75,
    'query by producer': 0.75,
    'query by tag': 0.75,
  }),
  ...table(SQLITE, ORIGINAL, {
    'publish one by one': 5,
    'get by id': 8,
    'list by type': 1.5,
    'query by producer': 2,
    'query by tag': 2,
  }),
  ...table(FILE, ORIGINAL, { 'publish one by one': 3, 'publish concurrently': 6 }),
  ...table(FILE, 'better-sqlite3 file', { 'publish one by one': 1 }),
  ...table(MEMORY, 'LangGraph InMemoryStore', { 'publish one by one': 2 }),
];

/** A goal as it came out at each size: null where one of the two was not measured. */
export interface Outcome {
  readonly goal: Goal;
  readonly ratios: readonly { readonly size: number; readonly ratio: Spread | null; readonly cpu: Spread | null }[];
  readonly isReached: boolean | null;
}

export function outcomeOf(goal: Goal, results: readonly SizeResult[]): Outcome {
  const ratios = results.map((result) => {
    const [ratio, cpu] = (['micros', 'cpu'] as const).map((by) => {
      const spread = ratioOf(roundsOf(result, goal.work, goal.beside, by), roundsOf(result, goal.work, goal.who, by));
      return Number.isNaN(spread.median) ? null : spread;
    });
    return { size: result.size, ratio: ratio ?? null, cpu: cpu ?? null };
  });
  const known = ratios.flatMap(({ ratio }) => ratio ?? []);
  const isReached = known.length === 0 ? null : known.every(({ median }) => median >= goal.least);
  return { goal, ratios, isReached };
}
