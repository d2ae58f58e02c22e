/** A store as callers without types meet it: anything can be handed in. Every BlackboardStore is one. */
export interface UntypedStore {
  publish(draft?: unknown, options?: unknown): Promise<unknown>;
  publishMany(drafts?: unknown, options?: unknown): Promise<unknown>;
  get(id?: unknown, options?: unknown): Promise<unknown>;
  list(options?: unknown): Promise<unknown>;
  listByType(type?: unknown, options?: unknown): Promise<unknown>;
  getByType(type?: unknown, options?: unknown): Promise<unknown>;
  recordConsumptions(records?: unknown, options?: unknown): Promise<unknown>;
  queryArtifacts(filter?: unknown, page?: unknown): Promise<unknown>;
  fetchGraphArtifacts(filter?: unknown, page?: unknown): Promise<unknown>;
  summarizeArtifacts(filter?: unknown, options?: unknown): Promise<unknown>;
  agentHistorySummary(agentId?: unknown, filter?: unknown, options?: unknown): Promise<unknown>;
  upsertAgentSnapshot(snapshot?: unknown, options?: unknown): Promise<unknown>;
  loadAgentSnapshots(options?: unknown): Promise<unknown>;
  clearAgentSnapshots(options?: unknown): Promise<unknown>;
  deleteBefore(before?: unknown, options?: unknown): Promise<unknown>;
  vacuum(options?: unknown): Promise<unknown>;
  stats(options?: unknown): Promise<unknown>;
  flush(options?: unknown): Promise<unknown>;
  close(options?: unknown): Promise<unknown>;
}
