import { anyType } from './sample-types.ts';
import { agent, at, consumption, idOf, note } from './samples.ts';
import type { UntypedStore } from './untyped-store.ts';

/** A sound call of each method, the signal in the last options object. */
export const CALLS: Readonly<
  Record<Exclude<keyof UntypedStore, 'close'>, (store: UntypedStore, signal?: AbortSignal) => Promise<unknown>>
> = {
  publish: (store, signal) => store.publish(note(), { signal }),
  publishMany: (store, signal) => store.publishMany([note(), note()], { signal }),
  get: (store, signal) => store.get(idOf(1), { signal }),
  list: (store, signal) => store.list({ signal }),
  listByType: (store, signal) => store.listByType('Note', { signal }),
  getByType: (store, signal) => store.getByType(anyType('T'), { signal }),
  recordConsumptions: (store, signal) => store.recordConsumptions([consumption(1)], { signal }),
  queryArtifacts: (store, signal) => store.queryArtifacts({}, { signal }),
  fetchGraphArtifacts: (store, signal) => store.fetchGraphArtifacts({}, { signal }),
  summarizeArtifacts: (store, signal) => store.summarizeArtifacts({}, { signal }),
  agentHistorySummary: (store, signal) => store.agentHistorySummary('a', {}, { signal }),
  upsertAgentSnapshot: (store, signal) => store.upsertAgentSnapshot(agent('a'), { signal }),
  loadAgentSnapshots: (store, signal) => store.loadAgentSnapshots({ signal }),
  clearAgentSnapshots: (store, signal) => store.clearAgentSnapshots({ signal }),
  deleteBefore: (store, signal) => store.deleteBefore(at(99_999), { signal }),
  vacuum: (store, signal) => store.vacuum({ signal }),
  stats: (store, signal) => store.stats({ signal }),
  flush: (store, signal) => store.flush({ signal }),
};
