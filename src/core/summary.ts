import type { Counts } from './board.ts';
import type { Selection } from './filter.ts';
import type { ArtifactSummary, HistoryCounts } from './store.ts';
import { compareText } from './text.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

export function summarize(counts: Counts, selection: Selection): ArtifactSummary {
  return {
    total: counts.total,
    byType: toRecord(counts.byType),
    byProducer: toRecord(counts.byProducer),
    byVisibility: toRecord(counts.byVisibility),
    tagCounts: toRecord(counts.byTag),
    earliestCreatedAt: counts.earliest === null ? null : new Date(counts.earliest),
    latestCreatedAt: counts.latest === null ? null : new Date(counts.latest),
    isFullWindow: selection.start === undefined && selection.end === undefined,
    windowSpanLabel: spanLabel(counts.earliest, counts.latest),
  };
}

export function historyCounts(byType: ReadonlyMap<string, number>): HistoryCounts {
  let total = 0;
  for (const count of byType.values()) total += count;
  return { total, byType: toRecord(byType) };
}

/** The words of the original's `format_time_span`. */
function spanLabel(earliest: number | null, latest: number | null): string {
  if (earliest === null) return 'empty';
  const span = (latest ?? earliest) - earliest;
  if (span >= 2 * DAY) return `${Math.floor(span / DAY)} days`;
  if (span >= HOUR) return `${(span / HOUR).toFixed(1)} hours`;
  if (span > 0) return `${Math.max(1, Math.floor(span / MINUTE))} minutes`;
  return 'moments';
}

/** By key in code point order; `fromEntries` makes even `__proto__` an ordinary key. */
function toRecord(counts: ReadonlyMap<string, number>): Record<string, number> {
  return Object.fromEntries([...counts].sort(([a], [b]) => compareText(a, b)));
}
