import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Visibility } from '../../src/index.ts';
import { temporaryFolder } from '../persistence/temporary-folder.ts';
import { visit } from './boards.ts';
import { idOf } from './databases.ts';
import { hasPython, needsPython, original } from './python.ts';

const visibilities: readonly (readonly [Visibility, unknown])[] = [
  [{ kind: 'Public' }, { kind: 'Public' }],
  [
    { kind: 'Private', agents: ['b', 'a'] },
    { kind: 'Private', agents: ['b', 'a'] },
  ],
  [
    { kind: 'Labelled', requiredLabels: ['staff', 'eu'] },
    { kind: 'Labelled', required_labels: ['staff', 'eu'] },
  ],
  [
    { kind: 'Tenant', tenantId: 'acme' },
    { kind: 'Tenant', tenant_id: 'acme' },
  ],
  [
    { kind: 'After', ttl: 'PT1H30M', then: null },
    { kind: 'After', ttl: 'PT1H30M', then: null },
  ],
  [
    { kind: 'After', ttl: 'P7D', then: { kind: 'Tenant', tenantId: 't' } },
    { kind: 'After', ttl: 'P7D', then: { kind: 'Tenant', tenant_id: 't' } },
  ],
];

/** Not in the order of their ids, and with every number of fraction digits. */
const times = [
  '0001-01-01T00:00:00.000Z',
  '1969-12-31T23:59:59.999Z',
  '2025-10-13T12:00:00.000Z',
  '2025-10-13T12:00:00.001Z',
  '2025-10-13T12:00:00.010Z',
  '2025-10-13T12:00:00.100Z',
  '2025-10-13T12:00:01.000Z',
  '9999-12-31T23:59:59.999Z',
];

const payload = {
  text: 'naïve ☃ 𝄞 "quoted" \\ \u2028 \u0001',
  nul: 'a\0b',
  numbers: [0, -1.5, 1e300, 5e-324, 9007199254740991],
  nested: { list: [null, true, false, {}], empty: [] },
};

describe.runIf(hasPython)(`what we write the original reads, ${needsPython}:`, { timeout: 60_000 }, () => {
  it('every field, every instant, every visibility, in the same order', async () => {
    const path = join(await temporaryFolder(), 'board.db');
    const { answer } = await visit(path, async (store) => {
      await store.publishMany(
        times
          .map((time, i) => ({
            ...{ id: idOf(99 - i), type: i % 2 === 0 ? 'app.Note' : 'Task', producedBy: 'us', payload, version: i + 1 },
            ...{ createdAt: new Date(time), tags: ['z', 'Δ', '𝄞', '\uff5e', 'a'].slice(0, i) },
            visibility: visibilities[i % visibilities.length]?.[0],
            correlationId: i === 0 ? null : `c${String(i)}`,
            partitionKey: i === 1 ? null : 'p',
          }))
          .reverse(),
      );
      return store.list();
    });
    const [version, found, integrity, tables] = original(
      path,
      ['init', { version: 3 }],
      ['artifacts', {}],
      ['sql', 'PRAGMA integrity_check'],
      ['sql', 'SELECT count(*) FROM schema_meta'],
    );
    expect([version, integrity, tables]).toEqual([3, [['ok']], [[1]]]);
    expect(found).toEqual(
      answer.map((artifact, i) => ({
        ...{ id: artifact.id, idText: artifact.id, type: artifact.type, canonicalType: artifact.type },
        ...{ producedBy: 'us', payload, version: artifact.version, tags: artifact.tags },
        ...{ correlationId: artifact.correlationId, partitionKey: artifact.partitionKey },
        visibility: visibilities[i % visibilities.length]?.[1],
        createdAt: (times[i] ?? '').replace('Z', '000+00:00'),
        createdAtMs: Date.parse(times[i] ?? ''),
      })),
    );
    expect(answer.map(({ createdAt }) => createdAt.toISOString())).toEqual(times);
  });

  it('the texts that it sorts and compares: tags as it sorts them, kinds first, times of one width', async () => {
    const path = join(await temporaryFolder(), 'board.db');
    const { answer } = await visit(path, async (store) => {
      const draft = { type: 'app.Note', producedBy: 'us', payload: {} };
      return store.publishMany([
        { ...draft, tags: ['𝄞', '\uff5e'], createdAt: new Date('2025-10-13T12:00:00Z') },
        {
          ...draft,
          tags: ['\uff5e'],
          createdAt: new Date('2025-10-13T12:00:00.5Z'),
          visibility: { kind: 'Private', agents: ['a'] },
        },
      ]);
    });
    const ids = answer.map(({ id }) => ({ id }));
    const [tags, one, both, kind, type, start, late] = original(
      path,
      ['sql', 'SELECT tags FROM artifacts ORDER BY created_at'],
      ['artifacts', { tags: ['𝄞'] }],
      ['artifacts', { tags: ['\uff5e'] }],
      ['artifacts', { visibility: 'Private' }],
      ['artifacts', { type: 'app.Note' }],
      ['artifacts', { start: '2025-10-13T12:00:00.000001+00:00' }],
      ['artifacts', { start: '2025-10-13T12:00:00.500001+00:00' }],
    );
    expect(tags).toEqual([['["\uff5e","𝄞"]'], ['["\uff5e"]']]);
    expect([one, both, kind, type, start, late]).toMatchObject([[ids[0]], ids, [ids[1]], ids, [ids[1]], []]);
  });

  it('consumptions and agents', async () => {
    const path = join(await temporaryFolder(), 'board.db');
    await visit(path, async (store) => {
      const { id } = await store.publish({ id: idOf(1), type: 'app.Note', producedBy: 'us', payload: {} });
      await store.recordConsumptions([
        { artifactId: id, consumer: 'b', consumedAt: new Date('2025-10-13T12:00:00.25Z') },
        { artifactId: id, consumer: 'a', runId: 'r', correlationId: 'c', consumedAt: new Date('2025-10-13T12:00:00Z') },
        { artifactId: id, consumer: 'a', runId: 's', consumedAt: new Date('2025-10-13T12:00:00Z') },
      ]);
      await store.upsertAgentSnapshot({
        ...{ agentName: 'reader', description: 'reads ☃', signature: 'f'.repeat(64) },
        ...{ subscriptions: ['app.Note'], outputTypes: ['b', 'a'], labels: [] },
        ...{ firstSeen: new Date('2025-10-13T12:00:00Z'), lastSeen: new Date('2025-10-13T12:00:00.001Z') },
      });
    });
    const [consumptions, agents] = original(path, ['consumptions'], ['agents']);
    const noon = Date.parse('2025-10-13T12:00:00Z');
    const seen = {
      artifact_id: idOf(1),
      correlation_id: null,
      consumed_at: '2025-10-13T12:00:00.000000+00:00',
      consumedAtMs: noon,
    };
    expect(consumptions).toEqual([
      { ...seen, consumer: 'a', run_id: 'r', correlation_id: 'c' },
      { ...seen, consumer: 'a', run_id: 's' },
      {
        ...seen,
        consumer: 'b',
        run_id: null,
        consumed_at: '2025-10-13T12:00:00.250000+00:00',
        consumedAtMs: noon + 250,
      },
    ]);
    expect(agents).toEqual([
      {
        ...{ agent_name: 'reader', description: 'reads ☃', signature: 'f'.repeat(64) },
        ...{ subscriptions: ['app.Note'], output_types: ['b', 'a'], labels: [] },
        ...{ first_seen: '2025-10-13T12:00:00.000000+00:00', last_seen: '2025-10-13T12:00:00.001000+00:00' },
        ...{ firstSeenMs: noon, lastSeenMs: noon + 1 },
      },
    ]);
  });

  it('a migrated board, in the order that instants have and texts did not', async () => {
    const path = join(await temporaryFolder(), 'board.db');
    const offsets = [
      '2025-10-13T12:30:00+05:00',
      '2025-10-13T09:00:00',
      '2025-10-13T08:00:00.500000+00:00',
      '2025-10-13T10:00:00.250001+02:00',
    ];
    original(
      path,
      ['init', { version: 3 }],
      ...offsets.map((createdAt, i) => ['publish', { id: idOf(i), type: 'T', createdAt }] as const),
    );
    const { answer } = await visit(path, (store) => store.list());
    const [found] = original(path, ['artifacts', {}]);
    expect(found).toMatchObject([0, 3, 2, 1].map((i) => ({ id: idOf(i) })));
    expect(found).toMatchObject(answer.map(({ id, createdAt }) => ({ id, createdAtMs: createdAt.getTime() })));
  });
});
