import { describe, expect, it } from 'vitest';
import { prepareRestored } from '../../src/core/publishing.ts';
import { restoredOf, restoringDraft } from '../../src/core/restoring.ts';
import type { CheckedDraft } from '../../src/core/write.ts';
import { createMemoryStore } from '../../src/index.ts';

const accepted: CheckedDraft = {
  id: '00000000-0000-4000-8000-000000000001',
  type: 'films.Movie',
  payload: { title: 'Alien' },
  producedBy: 'scout',
  correlationId: 'req-1',
  partitionKey: null,
  tags: ['space'],
  visibility: { kind: 'After', ttl: 'soon', then: null },
  createdAt: 1_700_000_000_000,
  version: 1,
};

describe('a draft that brings an artifact back', () => {
  it('says everything that a store has to know which has never heard of it', () => {
    const { createdAt, ...rest } = accepted;
    expect(restoringDraft(accepted)).toEqual({ ...rest, createdAt: new Date(createdAt) });
  });

  it('is known again, and only as long as all that come with it are', () => {
    const draft = restoringDraft(accepted);
    expect(restoredOf([draft])).toEqual([accepted]);
    expect(restoredOf([draft, draft])).toEqual([accepted, accepted]);
    expect(restoredOf([draft, { ...draft }])).toBeNull();
    expect(restoredOf([{ ...draft }])).toBeNull();
    expect(restoredOf([])).toBeNull();
    expect(restoredOf([null, 'draft'])).toBeNull();
  });

  it('is written down as one, so that who carries it out later asks no schema either', () => {
    const { intent, validation } = prepareRestored([accepted]);
    expect(intent).toEqual({ kind: 'artifact', drafts: [accepted], isRestored: true });
    expect(validation).toBeUndefined();
  });

  it('keeps its name and its visibility, whatever publish would make of them', async () => {
    const store = createMemoryStore();
    await expect(store.publish({ ...restoringDraft(accepted) })).rejects.toMatchObject({ code: 'invalid-argument' });
    const [artifact] = await store.publishMany([restoringDraft(accepted)]);
    const { createdAt, ...rest } = accepted;
    expect(artifact).toMatchObject({ ...rest, createdAt: new Date(createdAt), sequence: 1 });
    expect(await store.listByType('films.Movie')).toEqual([artifact]);
    await store.close();
  });
});
