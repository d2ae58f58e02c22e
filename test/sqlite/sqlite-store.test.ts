import { describe, expect, it } from 'vitest';
import { countIn, failureOf, NOTE, open } from './trial-store.ts';
import { TrialMedium } from './trial-medium.ts';

describe('a store without a medium', () => {
  it('keeps a board in memory and says so', async () => {
    const store = await open();
    const { id } = await store.publish(NOTE);
    expect((await store.get(id))?.payload).toEqual(NOTE.payload);
    expect(store.capabilities).toEqual({ durable: false, writable: true, sqlite: true });
    expect(await store.stats()).toMatchObject({
      artifacts: 1,
      sequence: 1,
      durability: 'none',
      log: null,
      lastCheckpoint: null,
    });
    expect((await store.stats()).bytes).toBeGreaterThan(4096);
    await store.flush();
  });

  it('has nothing to checkpoint', async () => {
    const store = await open();
    expect(await failureOf(store.checkpoint())).toMatchObject({
      code: 'unsupported',
      message: 'Cannot checkpoint: the store has no medium',
    });
  });

  it('shares nothing with another', async () => {
    const [one, other] = await Promise.all([open(), open()]);
    await one.publish(NOTE);
    expect(await other.list()).toEqual([]);
    expect((await one.stats()).epoch).not.toBe((await other.stats()).epoch);
  });

  it('gives its board as bytes, from which another opens', async () => {
    const store = await open();
    const before = await store.exportBytes();
    const { id } = await store.publish({ ...NOTE, tags: ['a'] });
    const medium = new TrialMedium(await store.exportBytes());
    expect(await countIn(before)).toBe(0);
    const other = await open({ medium });
    expect((await other.queryArtifacts({ tags: 'a' })).items).toEqual([await store.get(id)]);
    const { epoch, sequence } = await store.stats();
    expect(await other.stats()).toMatchObject({ epoch, sequence });
  });

  it('explains its queries', async () => {
    const store = await open();
    const { statements } = await store.explain({ typeNames: ['a', 'b'] }, { order: 'desc', limit: 5 });
    expect(statements.map(({ text }) => text)).toEqual([
      expect.stringMatching(/^SELECT .*UNION ALL/s),
      expect.stringMatching(/^SELECT count/),
    ]);
    expect(statements[0]?.plan.join('\n')).toMatch(
      /^MERGE \(UNION ALL\)\nLEFT\nSEARCH a USING INDEX artifacts_by_type/,
    );
    expect((await store.explain()).statements[0]?.plan).toEqual([
      'SEARCH a USING INDEX artifacts_by_time (created_at>?)',
    ]);
    expect((await store.explain({ ids: crypto.randomUUID() })).statements).toHaveLength(2);
    // Nothing matches these, and no statement has to find that out.
    for (const filter of [{ ids: [] }, { typeNames: [] }, { producedBy: [] }]) {
      expect((await store.explain(filter)).statements).toEqual([]);
    }
    expect(await failureOf(store.explain({ tags: 1 } as never))).toMatchObject({ code: 'invalid-argument' });
  });
});
