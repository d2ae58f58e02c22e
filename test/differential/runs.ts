/** How often a property is tried, and from which seed; both can be set to look longer, or to see a failure again. */
export function runsOf(fallback: number): { numRuns: number; seed: number; path?: string } {
  const { DIFFERENTIAL_RUNS: runs, DIFFERENTIAL_SEED: seed, DIFFERENTIAL_PATH: path } = process.env;
  return {
    numRuns: runs === undefined ? fallback : Number(runs),
    seed: seed === undefined ? Date.now() % 2 ** 31 : Number(seed),
    ...(path !== undefined && { path }),
  };
}
