import type { Artifact, ConsumptionRecord } from '../../src/core/artifact.ts';
import type { ArtifactType } from '../../src/core/artifact-type.ts';
import type { CallOptions, GetByTypeOptions } from '../../src/core/store.ts';
import {
  altered,
  changeArtifacts,
  changeDrafts,
  changePages,
  isRecord,
  loose,
  type LooseDraft,
} from './altered-store.ts';
import { breaking, type BrokenStore } from './broken-store.ts';

const schemas = breaking(4, {
  'stores what the schema returns': (store) =>
    altered(
      store,
      changeDrafts(store, (draft) => {
        if (!isRecord(draft.type)) return draft;
        const result = draft.type.schema['~standard'].validate(draft.payload);
        return 'value' in result ? { ...draft, payload: result.value } : draft;
      }),
    ),
  'returns payloads as stored for typed values': (store) =>
    altered(store, {
      getByType: async (type: ArtifactType, { signal }: GetByTypeOptions = {}) =>
        (await store.listByType(type, { signal })).map(({ payload }) => payload),
    }),
  'skips invalid rows without being asked': (store) =>
    altered(store, {
      getByType: (type: ArtifactType, options?: GetByTypeOptions) =>
        loose(store).getByType(type, { ...options, invalid: 'skip' }),
    }),
  'does not wait for a schema that answers later': (store) =>
    altered(
      store,
      changeDrafts(store, (draft) =>
        isRecord(draft.type) && draft.type.schema['~standard'].validate(draft.payload) instanceof Promise
          ? { ...draft, type: draft.type.name }
          : draft,
      ),
    ),
});

/** Changes every value inside of a payload. */
function deepMap(value: unknown, change: (leaf: unknown) => unknown): unknown {
  if (Array.isArray(value)) return value.map((item) => deepMap(item, change));
  if (!isRecord(value) || Object.getPrototypeOf(value) !== Object.prototype) return change(value);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, deepMap(item, change)]));
}

const changePayloads = (change: (payload: unknown) => unknown): BrokenStore['alter'] => {
  const changeSafely = (payload: unknown) => {
    try {
      return change(payload);
    } catch {
      return payload;
    }
  };
  return (store) =>
    altered(
      store,
      changeDrafts(store, (draft) => ({ ...draft, payload: changeSafely(draft.payload) })),
    );
};

const payloads = breaking(5, {
  'stores what JSON.stringify makes of a payload': changePayloads((payload) => JSON.parse(JSON.stringify(payload))),
  'stores null for NaN': changePayloads((payload) =>
    deepMap(payload, (leaf) => (typeof leaf === 'number' && Number.isNaN(leaf) ? null : leaf)),
  ),
  'loses the key __proto__': changePayloads((payload) => Object.assign({}, payload)),
  'mends lone surrogates': changePayloads((payload) =>
    deepMap(payload, (leaf) =>
      typeof leaf === 'string' ? new TextDecoder().decode(new TextEncoder().encode(leaf)) : leaf,
    ),
  ),
  'cuts texts at NUL': (store) =>
    altered(
      store,
      changeArtifacts(store, (artifact) => ({ ...artifact, producedBy: artifact.producedBy.replace(/\0.*$/s, '') })),
    ),
  'takes an empty text for none': (store) =>
    altered(
      store,
      changeDrafts(store, (draft) => ({
        ...draft,
        correlationId: draft.correlationId === '' ? null : draft.correlationId,
      })),
    ),
});

const copies = breaking(6, {
  'gives everyone the same creation time': (store) => {
    const shared = new Map<number, Date>();
    return altered(
      store,
      changeArtifacts(store, (artifact) => {
        const createdAt = shared.get(artifact.sequence) ?? artifact.createdAt;
        shared.set(artifact.sequence, createdAt);
        return { ...artifact, createdAt };
      }),
    );
  },
  'gives everyone the same payload, and lets them change it': (store) => {
    const shared = new Map<number, Artifact['payload']>();
    return altered(
      store,
      changeArtifacts(store, (artifact) => {
        const payload = shared.get(artifact.sequence) ?? structuredClone(artifact.payload);
        shared.set(artifact.sequence, payload);
        return { ...artifact, payload };
      }),
    );
  },
  'reads a draft after the call has returned': (store) =>
    altered(store, {
      publish: async (draft: LooseDraft, options?: CallOptions) => {
        await Promise.resolve();
        return loose(store).publish(draft, options);
      },
    }),
  'gives everyone the same list of consumptions': (store) => {
    const shared = new Map<string, readonly ConsumptionRecord[]>();
    return altered(
      store,
      changePages(store, (page) => ({
        ...page,
        items: page.items.map((item) => {
          if (!('artifact' in item)) return item;
          const consumptions = shared.get(item.artifact.id) ?? item.consumptions;
          shared.set(item.artifact.id, consumptions);
          return { ...item, consumptions };
        }),
      })),
    );
  },
  'freezes what a schema returns': (store) =>
    altered(store, {
      getByType: async (type: ArtifactType, options?: GetByTypeOptions) =>
        (await loose(store).getByType(type, options)).map((value) => Object.freeze(value)),
    }),
});

export const brokenPayloads: readonly BrokenStore[] = [...schemas, ...payloads, ...copies];
