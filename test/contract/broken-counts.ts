import type { ConsumptionDraft } from '../../src/core/artifact.ts';
import type { CallOptions, HistoryCounts } from '../../src/core/store.ts';
import {
  altered,
  changeArtifacts,
  changeDrafts,
  changeHistory,
  isRecord,
  loose,
  type LooseDraft,
} from './altered-store.ts';
import { breaking, type BrokenStore } from './broken-store.ts';

const counts = breaking(10, {
  'counts consumed artifacts instead of consumptions': (store) =>
    altered(
      store,
      changeHistory(store, async (history, agent, filter) => {
        const byType: Record<string, number> = {};
        let total = 0;
        for (const { artifact, consumptions } of (await store.fetchGraphArtifacts(filter, { limit: Infinity })).items) {
          if (!consumptions.some(({ consumer }) => consumer === agent)) continue;
          total++;
          byType[artifact.type] = (byType[artifact.type] ?? 0) + 1;
        }
        return { ...history, consumed: { total, byType } };
      }),
    ),
  'applies the filter of a history to what was produced only': (store) =>
    altered(
      store,
      changeHistory(store, async ({ produced }, agent) => ({
        produced,
        consumed: (await store.agentHistorySummary(agent)).consumed,
      })),
    ),
  'keeps tags in the order given': (store) => {
    const given = new Map<string, readonly string[]>();
    return altered(store, {
      ...changeDrafts(store, (draft) => {
        if (draft.id !== undefined && Array.isArray(draft.tags)) given.set(draft.id, draft.tags);
        return draft;
      }),
      ...changeArtifacts(store, (artifact) => ({ ...artifact, tags: given.get(artifact.id) ?? artifact.tags })),
    });
  },
  'counts in objects where __proto__ is no key': (store) => {
    const inherit = ({ total, byType }: HistoryCounts): HistoryCounts => ({ total, byType: Object.assign({}, byType) });
    return altered(
      store,
      changeHistory(store, async ({ produced, consumed }) => ({
        produced: inherit(produced),
        consumed: inherit(consumed),
      })),
    );
  },
});

const deletions = breaking(11, {
  'deletes what was created at that very instant, too': (store) =>
    altered(store, {
      deleteBefore: (before: Date, options?: CallOptions) =>
        store.deleteBefore(before instanceof Date ? new Date(before.getTime() + 1) : before, options),
    }),
  'counts consumptions among what it deleted': (store) =>
    altered(store, {
      deleteBefore: async (before: Date, options?: CallOptions) => {
        const { consumptions } = await store.stats();
        const count = await store.deleteBefore(before, options);
        return count + consumptions - (await store.stats()).consumptions;
      },
    }),
  'leaves the consumptions behind, for an artifact that comes again': (store) => {
    const recorded: ConsumptionDraft[] = [];
    return altered(store, {
      recordConsumptions: async (records: Iterable<ConsumptionDraft>, options?: CallOptions) => {
        await store.recordConsumptions(records, options);
        if (Array.isArray(records)) recorded.push(...(records as readonly ConsumptionDraft[]));
      },
      publish: async (draft: LooseDraft, options?: CallOptions) => {
        const artifact = await loose(store).publish(draft, options);
        await store.recordConsumptions(recorded.filter(({ artifactId }) => artifactId === artifact.id));
        return artifact;
      },
    });
  },
});

/** Visibilities as the drafts of the contract give them, whatever their types say. */
const visibilityOf = (draft: LooseDraft): Readonly<Record<string, unknown>> =>
  isRecord(draft.visibility) ? { ...draft.visibility } : {};

const visibilities = breaking(12, {
  'forgets the policy inside After': (store) =>
    altered(
      store,
      changeArtifacts(store, (artifact) =>
        artifact.visibility.kind === 'After'
          ? { ...artifact, visibility: { ...artifact.visibility, then: null } }
          : artifact,
      ),
    ),
  'counts After from the reading': (store) =>
    altered(
      store,
      changeArtifacts(store, (artifact) =>
        artifact.visibility.kind === 'After' ? { ...artifact, createdAt: new Date() } : artifact,
      ),
    ),
  'takes an unknown kind for Public': (store) =>
    altered(
      store,
      changeDrafts(store, (draft) =>
        visibilityOf(draft)['kind'] === 'Secret' ? { ...draft, visibility: { kind: 'Public' } } : draft,
      ),
    ),
  'takes Private without agents for nobody': (store) =>
    altered(
      store,
      changeDrafts(store, (draft) => {
        const { kind, agents } = visibilityOf(draft);
        return kind === 'Private' && Array.isArray(agents) && agents.length === 0
          ? { ...draft, visibility: { kind: 'Private', agents: ['nobody'] } }
          : draft;
      }),
    ),
  'takes hours without a T': (store) =>
    altered(
      store,
      changeDrafts(store, (draft) =>
        visibilityOf(draft)['ttl'] === 'P1H'
          ? { ...draft, visibility: { kind: 'After', ttl: 'PT1H', then: null } }
          : draft,
      ),
    ),
  'cuts times to whole seconds': (store) =>
    altered(
      store,
      changeArtifacts(store, (artifact) =>
        artifact.visibility.kind === 'After'
          ? { ...artifact, visibility: { ...artifact.visibility, ttl: artifact.visibility.ttl.replace(/[.,]\d+/, '') } }
          : artifact,
      ),
    ),
});

export const brokenCounts: readonly BrokenStore[] = [...counts, ...deletions, ...visibilities];
