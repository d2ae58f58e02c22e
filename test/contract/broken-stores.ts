import { brokenCalls } from './broken-calls.ts';
import { brokenCounts } from './broken-counts.ts';
import { brokenOrders } from './broken-orders.ts';
import { brokenPayloads } from './broken-payloads.ts';
import { brokenQueries } from './broken-queries.ts';
import type { BrokenStore } from './broken-store.ts';

export const brokenStores: readonly BrokenStore[] = [
  ...brokenOrders,
  ...brokenPayloads,
  ...brokenQueries,
  ...brokenCounts,
  ...brokenCalls,
];
