import type { Outcome } from './host.ts';

/** For the case that never ends. A slow machine is no reason to fail. */
const LIMIT_MS = 60_000;

/** Why a case is skipped that takes long. */
export const IN_BRIEF = 'left out in brief: `npm test -- runtimes` tries it';

export interface Case {
  readonly name: string;
  /** The declared reason to leave it out. */
  readonly skipped: string | null;
  /** Whether no other case may run beside it. */
  readonly isAlone?: boolean;
  readonly run: () => Promise<void>;
}

/** Runs a case to its end, whatever that is. */
export async function outcomeOf({ name, skipped, run }: Case, limitMs = LIMIT_MS): Promise<Outcome> {
  if (skipped !== null) return { name, outcome: 'skipped', reason: skipped };
  const start = performance.now();
  const msSinceStart = () => Math.round(performance.now() - start);
  let timer: ReturnType<typeof setTimeout> | undefined;
  const tooLong = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no end after ${String(limitMs)} ms`)), limitMs);
  });
  try {
    await Promise.race([run(), tooLong]);
    return { name, outcome: 'passed', ms: msSinceStart() };
  } catch (error) {
    const reason = String(error instanceof Error ? (error.stack ?? error) : error);
    return { name, outcome: 'failed', reason, ms: msSinceStart() };
  } finally {
    clearTimeout(timer);
  }
}
