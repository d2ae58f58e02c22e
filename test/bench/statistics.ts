/** The middle of some figures, and how far they lie apart. */
export interface Spread {
  readonly median: number;
  readonly least: number;
  readonly most: number;
}

export function spreadOf(values: readonly number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (place: number) => sorted[place] ?? Number.NaN;
  const middle = (sorted.length - 1) / 2;
  return {
    median: (at(Math.floor(middle)) + at(Math.ceil(middle))) / 2,
    least: at(0),
    most: at(sorted.length - 1),
  };
}

/** Of each round the one over the other: what slowed a whole round down is in both. */
export function ratioOf(dividends: readonly number[], divisors: readonly number[]): Spread {
  return spreadOf(
    dividends.flatMap((dividend, round) => (divisors[round] === undefined ? [] : dividend / divisors[round])),
  );
}
