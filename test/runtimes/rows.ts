import type { Checks, Program, Scope } from './program.ts';
import type { Outcome, Suite } from './suite/host.ts';
import { outcomeOf } from './suite/outcome.ts';

/** What came of the suite in one place. */
export interface Row {
  readonly runtime: string;
  readonly scope: string;
  readonly outcomes: readonly Outcome[];
  readonly seconds: number;
}

/** A worker that has no message for long may be ended by its browser, so it gets one now and then. */
const CASES_AT_ONCE = 200;
const WRITES = 25;
const BOARD = 'left-behind';
/** For the browser that never starts. A slow machine is no reason to fail. */
const CHECK_LIMIT_MS = 180_000;

/** Runs the suite, or, sabotaged, the one case that fails. Whatever goes wrong is one more case that failed. */
export async function runScope(runtime: string, scope: Scope, isSabotaged: boolean): Promise<Row> {
  const start = performance.now();
  const outcomes: Outcome[] = [];
  const attempt = async (name: string, work: () => Promise<unknown>) => {
    try {
      await work();
    } catch (error) {
      outcomes.push({ name, outcome: 'failed', reason: String(error instanceof Error ? error.stack : error) });
    }
  };
  await attempt('runs the suite to its end', () =>
    using(scope, (program) => runCases(program, isSabotaged ? 'sabotaged' : scope.suite, outcomes)),
  );
  if (!isSabotaged && scope.isDurable) {
    const name = 'has every write that was acknowledged when its program ended';
    await attempt(name, async () => {
      await survive(scope);
      outcomes.push({ name, outcome: 'passed' });
    });
  }
  return { runtime, scope: scope.name, outcomes, seconds: (performance.now() - start) / 1000 };
}

export async function runChecks(runtime: string, checks: Checks, isSabotaged: boolean): Promise<Row> {
  const start = performance.now();
  const outcomes: Outcome[] = [];
  for (const { name, run, skipped = null } of isSabotaged ? [checks.sabotaged] : checks.all) {
    const begun = performance.now();
    const outcome = await outcomeOf({ name, skipped, run }, CHECK_LIMIT_MS);
    outcomes.push(outcome);
    console.log(`  ${runtime}: ${name}: ${outcome.outcome}, ${((performance.now() - begun) / 1000).toFixed(1)} s`);
    if (outcome.outcome === 'failed') console.log(outcome.reason);
  }
  return { runtime, scope: checks.scope, outcomes, seconds: (performance.now() - start) / 1000 };
}

async function using<T>(scope: Scope, work: (program: Program) => Promise<T>): Promise<T> {
  const program = await scope.start();
  return work(program).finally(() => program.end());
}

async function runCases(program: Program, suite: Suite, outcomes: Outcome[]): Promise<void> {
  for (let from = 0, total = 1; from < total; from += CASES_AT_ONCE) {
    const answer = await program.perform({ kind: 'cases', from, count: CASES_AT_ONCE, suite });
    outcomes.push(...answer.outcomes);
    total = answer.total;
  }
}

/** Ends a program while it writes, and has the next one count. */
async function survive(scope: Scope): Promise<void> {
  const { writes: acknowledged } = await using(scope, (program) =>
    program.perform({ kind: 'write', board: BOARD, count: WRITES }),
  );
  const { writes } = await using(scope, (program) => program.perform({ kind: 'count', board: BOARD }));
  if (writes < acknowledged)
    throw new Error(`of ${String(acknowledged)} acknowledged writes ${String(writes)} are there`);
}

export function isGood({ outcomes }: Row): boolean {
  return outcomes.some(({ outcome }) => outcome === 'passed') && outcomes.every(({ outcome }) => outcome !== 'failed');
}
