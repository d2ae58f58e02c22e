import type { Artifact } from '../../src/core/artifact.ts';
import type { ArtifactType } from '../../src/core/artifact-type.ts';
import type { CallOptions } from '../../src/core/store.ts';
import {
  altered,
  artifactOf,
  changeArtifacts,
  changePages,
  isRecord,
  loose,
  type LooseArtifact,
  type LooseDraft,
  type LooseStore,
} from './altered-store.ts';
import { breaking, type BrokenStore } from './broken-store.ts';

const byUnit = (a: string, b: string) => (a < b ? -1 : Number(a > b));

/** Calls back for every artifact that was published. */
function onPublished(store: LooseStore, note: (artifact: LooseArtifact) => void) {
  return {
    publish: async (draft: LooseDraft, options?: CallOptions) => {
      const artifact = await store.publish(draft, options);
      note(artifact);
      return artifact;
    },
    publishMany: async (drafts: readonly LooseDraft[], options?: CallOptions) => {
      const artifacts = await store.publishMany(drafts, options);
      artifacts.forEach(note);
      return artifacts;
    },
  };
}

const order = breaking(1, {
  'lists artifacts of one instant in the order of publishing': (store) =>
    altered(store, {
      list: async (options?: CallOptions) =>
        (await store.list(options)).sort(
          (a, b) => a.createdAt.getTime() - b.createdAt.getTime() || a.sequence - b.sequence,
        ),
    }),
  'reverses the times only in descending pages': (store) =>
    altered(
      store,
      changePages(store, (page, _, { order }) => {
        if (order !== 'desc') return page;
        const items = page.items.toSorted((left, right) => {
          const [a, b] = [artifactOf(left), artifactOf(right)];
          return b.createdAt.getTime() - a.createdAt.getTime() || byUnit(a.id, b.id);
        });
        return { ...page, items };
      }),
    ),
  'orders agents by UTF-16 unit': (store) =>
    altered(store, {
      loadAgentSnapshots: async (options?: CallOptions) =>
        (await store.loadAgentSnapshots(options)).sort((a, b) => byUnit(a.agentName, b.agentName)),
    }),
  'orders consumptions by consumer before instant': (store) =>
    altered(
      store,
      changePages(store, (page) => ({
        ...page,
        items: page.items.map((item) =>
          'artifact' in item
            ? { ...item, consumptions: item.consumptions.toSorted((a, b) => byUnit(a.consumer, b.consumer)) }
            : item,
        ),
      })),
    ),
  'cuts instants to seconds': (store) =>
    altered(
      store,
      changeArtifacts(store, (artifact) => ({
        ...artifact,
        createdAt: new Date(Math.floor(artifact.createdAt.getTime() / 1000) * 1000),
      })),
    ),
});

const replacing = breaking(2, {
  'lists a replaced artifact twice': (store) => {
    const published: LooseArtifact[] = [];
    return altered(store, {
      ...onPublished(store, (artifact) => published.push({ ...artifact })),
      listByType: async (type: string, options?: CallOptions) => {
        const artifacts = await store.listByType(type, options);
        const shown = new Set(artifacts.map(({ sequence }) => sequence));
        return [...published.filter((old) => old.type === type && !shown.has(old.sequence)), ...artifacts];
      },
    });
  },
  'keeps the sequence of the first': (store) => {
    const sequences = new Map<string, number>();
    return altered(store, {
      ...onPublished(store, ({ id, sequence }) => sequences.set(id, sequences.get(id) ?? sequence)),
      ...changeArtifacts(store, (artifact) => ({
        ...artifact,
        sequence: sequences.get(artifact.id) ?? artifact.sequence,
      })),
    });
  },
  'loses the consumptions of a replaced artifact': (store) => {
    const published = new Map<string, number>();
    return altered(store, {
      ...onPublished(store, ({ id }) => published.set(id, (published.get(id) ?? 0) + 1)),
      ...changePages(store, (page) => ({
        ...page,
        items: page.items.map((item) =>
          'artifact' in item && (published.get(item.artifact.id) ?? 0) > 1 ? { ...item, consumptions: [] } : item,
        ),
      })),
    });
  },
  'does not find an id in upper case': (store) =>
    altered(store, {
      get: async (id: string, options?: CallOptions) => {
        const artifact = await store.get(id, options);
        return artifact?.id === id ? artifact : null;
      },
    }),
});

const simpleNameOf = (name: string) => name.slice(name.lastIndexOf('.') + 1);

/** The canonical names of the types that were passed to listByType or publish, by their simple names. */
function learnTypes(store: LooseStore, canonical: Map<string, string>) {
  const learn = (type: ArtifactType | string) => {
    if (typeof type === 'object') canonical.set(simpleNameOf(type.name), type.name);
  };
  return {
    listByType: (type: ArtifactType | string, options?: CallOptions) => {
      learn(type);
      return store.listByType(type, options);
    },
    publish: (draft: LooseDraft, options?: CallOptions) => {
      if (isRecord(draft)) learn(draft.type);
      return store.publish(draft, options);
    },
  };
}

const names = breaking(3, {
  'resolves names when it reads': (store) => {
    const canonical = new Map<string, string>();
    const rename = (artifact: Artifact) => ({ ...artifact, type: canonical.get(artifact.type) ?? artifact.type });
    return altered(store, { ...changeArtifacts(store, rename), ...learnTypes(store, canonical) });
  },
  'prefers a simple name to a name on the board': (store) => {
    const canonical = new Map<string, string>();
    const learning = learnTypes(store, canonical);
    return altered(store, {
      ...learning,
      publish: (draft: LooseDraft, options?: CallOptions) =>
        isRecord(draft) && typeof draft.type === 'string'
          ? loose(store).publish({ ...draft, type: canonical.get(draft.type) ?? draft.type }, options)
          : learning.publish(draft, options),
    });
  },
  'takes the first of two types with the same simple name': (store) =>
    altered(store, {
      publish: async (draft: LooseDraft, options?: CallOptions) => {
        try {
          return await loose(store).publish(draft, options);
        } catch (error) {
          const first = error instanceof Error ? /ambiguous, it fits "([^"]+)"/.exec(error.message)?.[1] : undefined;
          if (first === undefined) throw error;
          return loose(store).publish({ ...draft, type: first }, options);
        }
      },
    }),
  'takes names in filters literally': (store) =>
    altered(
      store,
      changePages(store, (page, { typeNames }) => {
        if (typeof typeNames !== 'string' && !Array.isArray(typeNames)) return page;
        const literal: unknown[] = [typeNames].flat();
        return { ...page, items: page.items.filter((item) => literal.includes(artifactOf(item).type)) };
      }),
    ),
});

export const brokenOrders: readonly BrokenStore[] = [...order, ...replacing, ...names];
