import type { Filled } from './rival.ts';

/** What one contestant took for one piece of work, in each round. */
export interface Measured {
  /** Microseconds per call. */
  readonly micros: readonly number[];
  /** Microseconds of processor time per call. */
  readonly cpu: readonly number[];
  readonly bytesPerCall: number | null;
}

/** What was measured at one size: by work, by contestant. */
export interface SizeResult {
  readonly size: number;
  readonly filled: Map<string, Filled>;
  readonly peaks: Map<string, number | null>;
  readonly works: Map<string, { readonly unit: string; readonly measured: Map<string, Measured> }>;
}

/** Microseconds per call, in each round; none where the contestant did not do it. */
export function roundsOf(
  result: SizeResult,
  work: string,
  contestant: string,
  by: 'micros' | 'cpu' = 'micros',
): readonly number[] {
  return result.works.get(work)?.measured.get(contestant)?.[by] ?? [];
}

/** Maps as plain objects, for a report. */
export function toJson(value: unknown): string {
  return JSON.stringify(
    value,
    (_, item: unknown): unknown => (item instanceof Map ? Object.fromEntries(item as Map<string, unknown>) : item),
    1,
  );
}
