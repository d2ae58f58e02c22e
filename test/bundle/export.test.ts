import { describe, expect, it } from 'vitest';
import { exportBundle } from '../../src/bundle/export-bundle.ts';
import { importBundle } from '../../src/bundle/import-bundle.ts';
import type { BundleProgress } from '../../src/bundle/work.ts';
import { agent, at, consumption, entry, idOf } from '../../src/contract/samples.ts';
import { createMemoryStore } from '../../src/memory/memory-store.ts';
import { altered, loose } from '../contract/altered-store.ts';
import { exported } from './bundles.ts';

describe('exportBundle', () => {
  it('writes what its documentation says, byte for byte', async () => {
    const store = createMemoryStore();
    await store.publishMany([
      entry(2, { tags: ['b', 'a'], correlationId: 'c', version: 3, visibility: { kind: 'Private', agents: ['x'] } }),
      entry(1, { type: 'films.Movie', payload: { z: 1, a: [null, 'é'] }, createdAt: at(3) }),
    ]);
    await store.recordConsumptions([consumption(2, { runId: 'r' })]);
    await store.upsertAgentSnapshot(agent('scribe'));
    const lines = (await exported(store)).split('\n');
    expect(lines).toEqual([
      '{"boardlite":"bundle","format":1,"artifacts":2,"consumptions":1,"agents":1,"types":{"Note":1,"films.Movie":1}}',
      `{"artifact":{"id":"${idOf(2)}","type":"Note","payload":{"text":"hello"},"producedBy":"scribe","correlationId":"c",` +
        '"partitionKey":null,"tags":["a","b"],"visibility":{"kind":"Private","agents":["x"]},' +
        '"createdAt":"2025-01-01T09:00:00.002Z","version":3}}',
      `{"consumption":{"artifactId":"${idOf(2)}","consumer":"reader","runId":"r","correlationId":null,` +
        '"consumedAt":"2025-01-01T09:00:00.000Z"}}',
      `{"artifact":{"id":"${idOf(1)}","type":"films.Movie","payload":{"z":1,"a":[null,"é"]},"producedBy":"scribe",` +
        '"correlationId":null,"partitionKey":null,"tags":[],"visibility":{"kind":"Public"},' +
        '"createdAt":"2025-01-01T09:00:00.003Z","version":1}}',
      '{"agent":{"agentName":"scribe","description":"reads","subscriptions":["Note"],"outputTypes":[],"labels":[],' +
        '"firstSeen":"2025-01-01T09:00:00.000Z","lastSeen":"2025-01-01T09:00:00.001Z","signature":"s1"}}',
      expect.stringMatching(/^\{"checksum":"crc32:[0-9a-f]{8}"\}$/) as string,
      '',
    ]);
  });

  it('is refused when somebody writes to the board meanwhile, before the last line', async () => {
    const store = createMemoryStore();
    await store.publishMany([entry(1), entry(2), entry(3)]);
    const lines: string[] = [];
    const exporting = async () => {
      for await (const line of exportBundle(store)) {
        lines.push(line);
        if (lines.length === 2) await store.publish(entry(4));
      }
    };
    await expect(exporting()).rejects.toMatchObject({ code: 'conflict' });
    expect(lines.join('')).not.toContain('checksum');
  });

  it('is refused when the board holds what cannot be read exactly', async () => {
    const store = createMemoryStore();
    await store.publishMany([entry(1), entry(2)]);
    const partly = altered(store, {
      queryArtifacts: async (...args: Parameters<ReturnType<typeof loose>['queryArtifacts']>) => {
        const page = await loose(store).queryArtifacts(...args);
        return { ...page, items: page.items.filter((item) => 'artifact' in item && item.artifact.id !== idOf(1)) };
      },
    });
    await expect(exported(partly)).rejects.toMatchObject({
      code: 'corrupt',
      message: expect.stringContaining('1 of its 2 artifacts cannot be read exactly') as string,
    });
  });

  it('is refused when the board holds an agent that cannot be read exactly', async () => {
    const store = createMemoryStore();
    await store.upsertAgentSnapshot(agent('scribe'));
    const partly = altered(store, { stats: async () => ({ ...(await store.stats()), agents: 2 }) });
    await expect(exported(partly)).rejects.toMatchObject({
      code: 'corrupt',
      message:
        'Cannot export the board: 1 of its 2 agents cannot be read exactly, and a bundle without them would pass for whole',
    });
  });

  it('asks for few large artifacts at a time, and for many small ones', async () => {
    const limits: number[] = [];
    const store = createMemoryStore();
    const large = 'x'.repeat(600_000);
    await store.publishMany(
      Array.from({ length: 1100 }, (_, i) => entry(i, { payload: { text: i < 8 ? large : '' } })),
    );
    const watched = altered(store, {
      queryArtifacts: (...args: Parameters<ReturnType<typeof loose>['queryArtifacts']>) => {
        limits.push(args[1]?.limit ?? 0);
        return loose(store).queryArtifacts(...args);
      },
    });
    await exported(watched);
    expect(Math.max(...limits.slice(0, 5))).toBeLessThanOrEqual(2);
    expect(Math.max(...limits)).toBe(500);
  });

  it('and importBundle tell how far they are, and stop when they are told', async () => {
    const store = createMemoryStore();
    await store.publishMany(Array.from({ length: 700 }, (_, i) => entry(i)));
    const told: BundleProgress[] = [];
    const onProgress = (progress: BundleProgress) => told.push(progress);
    let text = '';
    for await (const line of exportBundle(store, { onProgress })) text += line;
    await importBundle(createMemoryStore(), [text], { onProgress });
    for (const phase of ['export', 'check', 'import'] as const) {
      const ofPhase = told.filter((each) => each.phase === phase);
      expect(ofPhase.at(-1)).toEqual({ phase, done: 700, total: 700 });
      expect(ofPhase.map(({ done }) => done)).toEqual(ofPhase.map(({ done }) => done).sort((a, b) => a - b));
    }
    const reason = new Error('enough');
    const signal = AbortSignal.abort(reason);
    await expect(exportBundle(store, { signal }).next()).rejects.toBe(reason);
    await expect(importBundle(store, [text], { signal })).rejects.toBe(reason);
  });
});
