import type { ConsumptionDraft } from '../../src/core/artifact.ts';
import type { ArtifactFilter } from '../../src/core/filter.ts';
import type { PageOptions } from '../../src/core/page.ts';
import type { CallOptions } from '../../src/core/store.ts';
import { altered, changeFilters, changePageOptions, changePages, keyOf, loose } from './altered-store.ts';
import { breaking, type BrokenStore } from './broken-store.ts';

/** The filter without the fields that fail. */
function keepFields(filter: ArtifactFilter, keeps: (value: unknown) => boolean): ArtifactFilter {
  return Object.fromEntries(Object.entries(filter).filter(([, value]) => keeps(value)));
}

const filters = breaking(7, {
  'leaves out what was created at the end': (store) =>
    altered(
      store,
      changeFilters(store, (filter) =>
        filter.end instanceof Date ? { ...filter, end: new Date(filter.end.getTime() - 1) } : filter,
      ),
    ),
  'leaves out what was created at the start': (store) =>
    altered(
      store,
      changeFilters(store, (filter) =>
        filter.start instanceof Date ? { ...filter, start: new Date(filter.start.getTime() + 1) } : filter,
      ),
    ),
  'looks at the last of several tags only': (store) =>
    altered(
      store,
      changeFilters(store, (filter) =>
        Array.isArray(filter.tags) && filter.tags.length > 1 ? { ...filter, tags: filter.tags.slice(-1) } : filter,
      ),
    ),
  'takes any of the tags for all of them': (store) =>
    altered(store, {
      queryArtifacts: async (filter: ArtifactFilter = {}, page?: PageOptions) => {
        const { tags } = filter;
        if (!Array.isArray(tags) || tags.length < 2) return loose(store).queryArtifacts(filter, page);
        const ids: string[] = [];
        for (const tag of tags)
          ids.push(...(await store.queryArtifacts({ ...filter, tags: [tag] })).items.map(({ id }) => id));
        return loose(store).queryArtifacts({ ids }, page);
      },
    }),
  'takes an empty set for no filter': (store) =>
    altered(
      store,
      changeFilters(store, (filter) => keepFields(filter, (value) => !(Array.isArray(value) && value.length === 0))),
    ),
  'takes null for no filter': (store) =>
    altered(
      store,
      changeFilters(store, (filter) => keepFields(filter, (value) => value !== null)),
    ),
  'looks at 32,766 ids only': (store) =>
    altered(
      store,
      changeFilters(store, (filter) =>
        Array.isArray(filter.ids) ? { ...filter, ids: filter.ids.slice(0, 32_766) } : filter,
      ),
    ),
});

const pages = breaking(8, {
  'takes a limit of 0 for no limit': (store) =>
    altered(
      store,
      changePageOptions(store, (options) => (options.limit === 0 ? { ...options, limit: Infinity } : options)),
    ),
  'goes on by offset behind its cursors': (store) =>
    altered(store, {
      queryArtifacts: async (filter: ArtifactFilter | undefined, options: PageOptions = {}) => {
        const { cursor, ...others } = options;
        if (cursor !== undefined && !/^\d+$/.test(cursor)) return loose(store).queryArtifacts(filter, options);
        const offset = cursor === undefined ? (options.offset ?? 0) : Number(cursor);
        const page = await loose(store).queryArtifacts(filter, { ...others, offset });
        const next = page.nextCursor === null ? null : String(offset + page.items.length);
        return { ...page, total: cursor === undefined ? page.total : null, nextCursor: next };
      },
    }),
  'counts the page for a total': (store) =>
    altered(
      store,
      changePages(store, (page) => ({ ...page, total: page.total === null ? null : page.items.length })),
    ),
  'gives a cursor whenever a page is full': (store) =>
    altered(
      store,
      changePages(store, (page, _, { limit = 50 }) => ({
        ...page,
        nextCursor: page.items.length === limit ? (page.nextCursor ?? 'more') : page.nextCursor,
      })),
    ),
  'takes a cursor from any filter': (store) =>
    altered(store, {
      queryArtifacts: async (filter?: ArtifactFilter, options?: PageOptions) => {
        try {
          return await loose(store).queryArtifacts(filter, options);
        } catch (error) {
          if (!(error instanceof Error) || !error.message.includes('another filter')) throw error;
          return loose(store).queryArtifacts(filter, { ...options, cursor: undefined });
        }
      },
    }),
  'counts although a cursor is given': (store) =>
    altered(store, {
      queryArtifacts: async (filter?: ArtifactFilter, options: PageOptions = {}) => {
        const page = await loose(store).queryArtifacts(filter, options);
        return options.cursor === undefined ? page : { ...page, total: (await store.queryArtifacts(filter)).total };
      },
    }),
});

const consumptions = breaking(9, {
  'knows a consumption without its run': (store) => {
    const known = new Map<string, string | null>();
    return altered(store, {
      recordConsumptions: (records: Iterable<ConsumptionDraft>, options?: CallOptions) => {
        const isNew = (record: ConsumptionDraft) => {
          const key = keyOf({ ...record, runId: null });
          const run = record.runId ?? null;
          if (known.has(key) && known.get(key) !== run) return false;
          known.set(key, run);
          return true;
        };
        return store.recordConsumptions(Array.isArray(records) ? records.filter(isNew) : records, options);
      },
    });
  },
  'records one after the other': (store) =>
    altered(store, {
      recordConsumptions: async (records: Iterable<ConsumptionDraft>, options?: CallOptions) => {
        if (!Array.isArray(records)) return store.recordConsumptions(records, options);
        for (const record of records as readonly ConsumptionDraft[]) await store.recordConsumptions([record], options);
      },
    }),
  'says nothing of unknown artifacts': (store) =>
    altered(store, {
      recordConsumptions: async (records: Iterable<ConsumptionDraft>, options?: CallOptions) => {
        try {
          await store.recordConsumptions(records, options);
        } catch (error) {
          if (!(error instanceof Error) || error.name !== 'NotFoundError') throw error;
        }
      },
    }),
  'keeps the last of records that are one': (store) => {
    const latest = new Map<string, string | null>();
    return altered(store, {
      recordConsumptions: (records: Iterable<ConsumptionDraft>, options?: CallOptions) => {
        if (Array.isArray(records)) {
          for (const record of records as readonly ConsumptionDraft[])
            latest.set(keyOf(record), record.correlationId ?? null);
        }
        return store.recordConsumptions(records, options);
      },
      ...changePages(store, (page) => ({
        ...page,
        items: page.items.map((item) =>
          'artifact' in item
            ? {
                ...item,
                consumptions: item.consumptions.map((record) => ({
                  ...record,
                  correlationId: latest.get(keyOf(record)) ?? record.correlationId,
                })),
              }
            : item,
        ),
      })),
    });
  },
});

export const brokenQueries: readonly BrokenStore[] = [...filters, ...pages, ...consumptions];
