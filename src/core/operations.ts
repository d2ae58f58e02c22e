/** Calls of one kind: how many, and how long they took from call to settlement. */
export interface OperationStats {
  readonly count: number;
  readonly errors: number;
  /** Milliseconds that half of the calls stayed under, within 10 %. */
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
}

const SMALLEST_MS = 0.001;
const GROWTH = 1.1;
const BUCKETS = 256;

/** Counts calls and keeps their latencies in buckets that grow by a tenth, so that memory stays constant. */
export class OperationLog {
  readonly #operations = new Map<string, { errors: number; buckets: Uint32Array }>();

  /** @param outcome what the call gave, or what it failed with, for those who keep more than figures */
  record(name: string, ms: number, failed: boolean, outcome?: unknown): void;
  record(name: string, ms: number, failed: boolean): void {
    let operation = this.#operations.get(name);
    if (operation === undefined) {
      operation = { errors: 0, buckets: new Uint32Array(BUCKETS) };
      this.#operations.set(name, operation);
    }
    if (failed) operation.errors++;
    const bucket = Math.ceil(Math.log(ms / SMALLEST_MS) / Math.log(GROWTH));
    const index = Math.min(Math.max(bucket, 0), BUCKETS - 1);
    operation.buckets[index] = (operation.buckets[index] ?? 0) + 1;
  }

  stats(): Record<string, OperationStats> {
    return Object.fromEntries(
      [...this.#operations].map(([name, { errors, buckets }]) => {
        const count = buckets.reduce((sum, n) => sum + n, 0);
        return [
          name,
          {
            count,
            errors,
            p50: quantile(buckets, count * 0.5),
            p90: quantile(buckets, count * 0.9),
            p99: quantile(buckets, count * 0.99),
          },
        ];
      }),
    );
  }
}

function quantile(buckets: Uint32Array, rank: number): number {
  let seen = 0;
  const bucket = buckets.findIndex((n) => (seen += n) >= rank);
  return SMALLEST_MS * GROWTH ** bucket;
}
