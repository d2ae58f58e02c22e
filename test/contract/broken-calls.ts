import type { Artifact, ConsumptionDraft } from '../../src/core/artifact.ts';
import { BlackboardError, InvalidArgumentError } from '../../src/core/errors.ts';
import type { ArtifactFilter } from '../../src/core/filter.ts';
import type { CallOptions } from '../../src/core/store.ts';
import { altered, changeErrors, isRecord, loose, type LooseDraft } from './altered-store.ts';
import { breaking, type BrokenStore } from './broken-store.ts';

const calls = breaking(13, {
  'takes writes in the order in which their validations end': (store) =>
    altered(store, {
      publish: async (draft: LooseDraft, options?: CallOptions) => {
        if (isRecord(draft) && isRecord(draft.type)) await draft.type.schema['~standard'].validate(draft.payload);
        return loose(store).publish(draft, options);
      },
    }),
  'publishes many one by one': (store) =>
    altered(store, {
      publishMany: async (drafts: readonly LooseDraft[], options?: CallOptions) => {
        if (!Array.isArray(drafts)) return loose(store).publishMany(drafts, options);
        const artifacts: unknown[] = [];
        for (const draft of drafts as readonly LooseDraft[]) artifacts.push(await loose(store).publish(draft, options));
        return artifacts;
      },
    }),
  'answers reads at once, whatever writes wait': (store) => {
    let waiting = 0;
    let known: Artifact[] = [];
    return altered(store, {
      publish: async (draft: LooseDraft, options?: CallOptions) => {
        waiting++;
        try {
          return await loose(store).publish(draft, options);
        } finally {
          waiting--;
          known = await store.list().catch(() => known);
        }
      },
      list: async (options?: CallOptions) => (waiting > 0 ? known : store.list(options)),
    });
  },
  'takes a number for a write that changes nothing': (store) => {
    let lost = 0;
    return altered(store, {
      recordConsumptions: async (records: Iterable<ConsumptionDraft>, options?: CallOptions) => {
        const { sequence } = await store.stats();
        await store.recordConsumptions(records, options);
        if ((await store.stats()).sequence === sequence) lost++;
      },
      stats: async (options?: CallOptions) => {
        const stats = await store.stats(options);
        return { ...stats, sequence: stats.sequence + lost };
      },
    });
  },
  'takes a number for a write that fails': (store) => {
    let lost = 0;
    return altered(store, {
      publish: async (draft: LooseDraft, options?: CallOptions) => {
        try {
          return await loose(store).publish(draft, options);
        } catch (error) {
          lost++;
          throw error;
        }
      },
      stats: async (options?: CallOptions) => {
        const stats = await store.stats(options);
        return { ...stats, sequence: stats.sequence + lost };
      },
    });
  },
  'closes without waiting for the calls before': (store) =>
    altered(store, {
      close: async () => {
        store.close().catch(() => {});
      },
    }),
});

const errors = breaking(14, {
  'throws errors without a code': (store) =>
    changeErrors(store, (error) => (error instanceof BlackboardError ? new Error(error.message) : error)),
  'calls every failure an invalid argument': (store) =>
    changeErrors(store, (error) =>
      error instanceof BlackboardError ? new InvalidArgumentError(error.message, { cause: error.cause }) : error,
    ),
  'rejects an aborted call with an error of its own': (store) =>
    changeErrors(store, (error) =>
      error instanceof BlackboardError ? error : new DOMException('The operation was aborted', 'AbortError'),
    ),
  'forgets the value in its messages': (store) =>
    changeErrors(store, (error) =>
      error instanceof InvalidArgumentError
        ? new InvalidArgumentError(error.message.replace(/, got .*$/s, ''), { cause: error.cause })
        : error,
    ),
  'loses the cause': (store) =>
    changeErrors(store, (error) =>
      error instanceof InvalidArgumentError ? new InvalidArgumentError(error.message) : error,
    ),
  'answers after it was closed': (store) =>
    altered(store, {
      list: (options?: CallOptions) =>
        store.list(options).catch((error: unknown) => {
          if (error instanceof BlackboardError && error.code === 'closed') return [];
          throw error;
        }),
    }),
  'throws instead of rejecting': (store) =>
    altered(store, {
      get: (id: string, options?: CallOptions) => {
        if (typeof id !== 'string') throw new InvalidArgumentError(`Cannot get artifact: ${String(id)} is not a UUID`);
        return store.get(id, options);
      },
    }),
  'does not look at a signal while it waits': (store) =>
    altered(store, {
      list: ({ signal, ...others }: CallOptions = {}) => {
        signal?.throwIfAborted();
        return store.list(others);
      },
    }),
});

const answers = breaking(15, {
  'gives undefined for an artifact that is not there': (store) =>
    altered(store, { get: async (id: string, options?: CallOptions) => (await store.get(id, options)) ?? undefined }),
  'words the refusal of an unknown artifact its own way': (store) =>
    changeErrors(store, (error) => {
      if (error instanceof Error && error.name === 'NotFoundError')
        error.message = error.message.replace('not on', 'unknown to');
      return error;
    }),
  'labels a window its own way': (store) =>
    altered(store, {
      summarizeArtifacts: async (filter?: ArtifactFilter, options?: CallOptions) => {
        const summary = await store.summarizeArtifacts(filter, options);
        return { ...summary, windowSpanLabel: summary.windowSpanLabel.replace(/^1 minutes/, '1 minute') };
      },
    }),
});

export const brokenCalls: readonly BrokenStore[] = [...calls, ...errors, ...answers];
