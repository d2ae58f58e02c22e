import type { Artifact, ArtifactEnvelope, ConsumptionDraft, NamedDraft } from '../../src/core/artifact.ts';
import type { ArtifactType } from '../../src/core/artifact-type.ts';
import type { ArtifactFilter } from '../../src/core/filter.ts';
import type { Page, PageOptions } from '../../src/core/page.ts';
import type { AgentHistory, BlackboardStore, CallOptions, GetByTypeOptions } from '../../src/core/store.ts';

export interface LooseDraft extends Omit<NamedDraft, 'type' | 'payload'> {
  readonly type: string | ArtifactType;
  readonly payload: unknown;
}
export interface LooseArtifact extends Omit<Artifact, 'payload'> {
  readonly payload: unknown;
}
type Item = Artifact | ArtifactEnvelope;

/** A store without overloads and type parameters, as code that stands between a caller and a store wants it. */
export interface LooseStore extends Omit<
  BlackboardStore,
  'publish' | 'publishMany' | 'listByType' | 'getByType' | 'queryArtifacts'
> {
  publish(draft: LooseDraft, options?: CallOptions): Promise<LooseArtifact>;
  publishMany(drafts: readonly LooseDraft[], options?: CallOptions): Promise<LooseArtifact[]>;
  listByType(type: ArtifactType | string, options?: CallOptions): Promise<Artifact[]>;
  getByType(type: ArtifactType, options?: GetByTypeOptions): Promise<unknown[]>;
  queryArtifacts(filter?: ArtifactFilter, page?: PageOptions): Promise<Page<Item>>;
}

export function loose(store: BlackboardStore): LooseStore {
  return store;
}

/** Methods in place of a store's own. */
export type Changes = { readonly [K in keyof BlackboardStore]?: (...args: never[]) => unknown };

/** The store with some of its methods replaced. */
export function altered(store: BlackboardStore, changes: Changes): BlackboardStore {
  return new Proxy(store, {
    get(target, key) {
      const change: unknown = Reflect.get(changes, key);
      if (change !== undefined) return change;
      const own: unknown = Reflect.get(target, key);
      return typeof own === 'function' ? (...args: unknown[]): unknown => Reflect.apply(own, target, args) : own;
    },
  });
}

export function artifactOf(item: Item): Artifact {
  return 'artifact' in item ? item.artifact : item;
}

/** Changes every artifact on its way out of a read. */
export function changeArtifacts(store: LooseStore, change: (artifact: Artifact) => Artifact): Changes {
  const changeItem = (item: Item): Item =>
    'artifact' in item ? { ...item, artifact: change(item.artifact) } : change(item);
  return {
    get: async (id: string, options?: CallOptions) => {
      const artifact = await store.get(id, options);
      return artifact && change(artifact);
    },
    list: async (options?: CallOptions) => (await store.list(options)).map(change),
    listByType: async (type: string, options?: CallOptions) => (await store.listByType(type, options)).map(change),
    ...changePages(store, (page) => ({ ...page, items: page.items.map(changeItem) })),
  };
}

/** Changes every page on its way out, knowing what was asked for. */
export function changePages(
  store: LooseStore,
  change: (page: Page<Item>, filter: ArtifactFilter, options: PageOptions) => Page<Item>,
): Changes {
  return {
    queryArtifacts: async (filter: ArtifactFilter = {}, options: PageOptions = {}) =>
      change(await store.queryArtifacts(filter, options), filter, options),
    fetchGraphArtifacts: async (filter: ArtifactFilter = {}, options: PageOptions = {}) =>
      change(await store.fetchGraphArtifacts(filter, options), filter, options),
  };
}

/** Changes page options on their way in. */
export function changePageOptions(store: LooseStore, change: (options: PageOptions) => PageOptions): Changes {
  const changed = (options: PageOptions | undefined) => (isRecord(options) ? change(options) : options);
  return {
    queryArtifacts: (filter: ArtifactFilter, options?: PageOptions) => store.queryArtifacts(filter, changed(options)),
    fetchGraphArtifacts: (filter: ArtifactFilter, options?: PageOptions) =>
      store.fetchGraphArtifacts(filter, changed(options)),
  };
}

/** Changes filters on their way in. */
export function changeFilters(store: LooseStore, change: (filter: ArtifactFilter) => ArtifactFilter): Changes {
  const changed = (filter: ArtifactFilter | undefined) => (isRecord(filter) ? change(filter) : filter);
  return {
    queryArtifacts: (filter?: ArtifactFilter, page?: PageOptions) => store.queryArtifacts(changed(filter), page),
    fetchGraphArtifacts: (filter?: ArtifactFilter, page?: PageOptions) =>
      store.fetchGraphArtifacts(changed(filter), page),
    summarizeArtifacts: (filter?: ArtifactFilter, options?: CallOptions) =>
      store.summarizeArtifacts(changed(filter), options),
    agentHistorySummary: (agent: string, filter?: ArtifactFilter, options?: CallOptions) =>
      store.agentHistorySummary(agent, changed(filter), options),
  };
}

/** Changes drafts on their way in. */
export function changeDrafts(store: LooseStore, change: (draft: LooseDraft) => LooseDraft): Changes {
  const changed = (draft: LooseDraft) => (isRecord(draft) ? change(draft) : draft);
  return {
    publish: (draft: LooseDraft, options?: CallOptions) => store.publish(changed(draft), options),
    publishMany: (drafts: readonly LooseDraft[], options?: CallOptions) =>
      store.publishMany(Array.isArray(drafts) ? drafts.map(changed) : drafts, options),
  };
}

export function changeHistory(
  store: LooseStore,
  change: (history: AgentHistory, agent: string, filter: ArtifactFilter | undefined) => Promise<AgentHistory>,
): Changes {
  return {
    agentHistorySummary: async (agent: string, filter?: ArtifactFilter, options?: CallOptions) =>
      change(await store.agentHistorySummary(agent, filter, options), agent, filter),
  };
}

/** Changes what calls of every method reject with. */
export function changeErrors(store: BlackboardStore, change: (error: unknown) => unknown): BlackboardStore {
  return new Proxy(store, {
    get(target, key) {
      const own: unknown = Reflect.get(target, key);
      if (typeof own !== 'function') return own;
      return async (...args: unknown[]): Promise<unknown> => {
        try {
          return await Reflect.apply(own, target, args);
        } catch (error) {
          throw change(error);
        }
      };
    },
  });
}

export function isRecord(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

/** What makes two consumptions one. */
export function keyOf({ artifactId, consumer, runId, consumedAt }: ConsumptionDraft): string {
  return JSON.stringify([artifactId, consumer, runId ?? null, consumedAt]);
}
