// @ts-check

/**
 * What is mutated, the tests that have to notice, and the share of mutants, in percent, that they have to notice. Each
 * goal is a run of its own: a mutant is tried against the tests of its own part, not against everything above it.
 *
 * @type {Record<string, { folders: string[], tests: string[], atLeast: number }>}
 */
export const goals = {
  reference: {
    folders: ['src/core', 'src/memory'],
    tests: ['test/{core,memory}/**/*.test.ts', 'test/mutation/memory-contract.ts'],
    atLeast: 85,
  },
  sql: {
    folders: ['src/sql'],
    tests: [
      'test/sql/**/*.test.ts',
      'test/sqlite/{query-plans,refused-openings,sqlite-board*,sqlite-store,unreadable-rows,verify-board}.test.ts',
      'test/original/{identify,migrate,renew}.test.ts',
      'test/mutation/sqlite-contract.ts',
    ],
    atLeast: 75,
  },
};

const VARIABLE = 'BOARDLITE_MUTATION_GOAL';

/** The environment of a run for one goal. @param {string} name */
export function environmentOf(name) {
  return { ...process.env, [VARIABLE]: name };
}

/** The goal of the run that this process belongs to. */
export function currentGoal() {
  const name = process.env[VARIABLE] ?? '';
  const goal = goals[name];
  if (goal === undefined)
    throw new Error(`Cannot run mutation tests for the goal "${name}": npm run test:mutation sets it`);
  return { name, ...goal };
}

/** Where the report of a run lies, from the project's root. @param {string} name */
export function reportPathOf(name) {
  return `reports/mutation/${name}.json`;
}
