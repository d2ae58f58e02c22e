import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../persistence/temporary-folder.ts';
import { idsOf, visit } from './boards.ts';
import { idOf } from './databases.ts';
import { hasPython, needsPython, original } from './python.ts';

const fill = [
  [
    'publish',
    { id: idOf(1), type: 'Note', canonicalType: 'app.Note', createdAt: '2026-04-01T14:00:00+02:00', tags: ['b', 'a'] },
  ],
  ['publish', { id: idOf(2), type: 'app.Note', createdAt: '2026-04-01T11:59:59.999999+00:00' }],
  ['consume', [{ artifactId: idOf(1), consumer: 'reader', runId: 'r1', consumedAt: '2026-04-01T12:00:01' }]],
  [
    'agent',
    { name: 'writer', firstSeen: '2026-04-01T12:00:00', lastSeen: '2026-04-01T14:30:00.500000+02:00', labels: ['x'] },
  ],
] as const;

/** The lines of development that the original's databases come from. */
const variants: readonly (readonly [string, object])[] = [
  ['version 3', { version: 3 }],
  ['version 4 of its main line, which rewrites times', { version: 4, utc: true }],
  ['version 4 with a changelog', { version: 4, changelog: true }],
  ['version 5 with kinds of agents', { version: 5, changelog: true, agent_kind: true }],
  ['version 6', { version: 6, changelog: true, agent_kind: true }],
  ['a version to come', { version: 4711 }],
];

describe.runIf(hasPython)(`a board of the original, ${needsPython},`, { timeout: 60_000 }, () => {
  it.each(variants)('of %s opens, is found whole, and goes on with the original', async (_, lines) => {
    const path = join(await temporaryFolder(), 'board.db');
    const event = `INSERT INTO changelog_events (event_type, timestamp) VALUES ('artifact_published', '2026-04-01')`;
    const more = 'changelog' in lines ? ([['sql', event]] as const) : [];
    const kind =
      'agent_kind' in lines ? ([['sql', "UPDATE agent_snapshots SET agent_kind = 'external'"]] as const) : [];
    original(path, ['init', lines], ...fill, ...more, ...kind);

    for (const expected of ['migrated', null]) {
      const { answer, events } = await visit(path, async (store) => ({
        artifacts: await store.list(),
        tagged: await store.queryArtifacts({ tags: ['a', 'b'] }),
        envelopes: (await store.fetchGraphArtifacts()).items,
        agents: await store.loadAgentSnapshots(),
      }));
      expect(events.map(({ type }) => type)).toEqual(expected === null ? [] : [expected]);
      expect(answer.artifacts).toMatchObject([
        { id: idOf(2), type: 'app.Note', createdAt: new Date('2026-04-01T11:59:59.999Z'), tags: [], sequence: 1 },
        {
          id: idOf(1),
          type: 'app.Note',
          createdAt: new Date('2026-04-01T12:00:00.000Z'),
          tags: ['a', 'b'],
          sequence: 2,
        },
      ]);
      expect(idsOf(answer.tagged.items)).toEqual([idOf(1)]);
      expect(answer.envelopes.map(({ consumptions }) => consumptions)).toEqual([
        [],
        [
          {
            artifactId: idOf(1),
            consumer: 'reader',
            runId: 'r1',
            correlationId: null,
            consumedAt: new Date('2026-04-01T12:00:01Z'),
          },
        ],
      ]);
      expect(answer.agents).toMatchObject([
        {
          agentName: 'writer',
          labels: ['x'],
          firstSeen: new Date('2026-04-01T12:00:00Z'),
          lastSeen: new Date('2026-04-01T12:30:00.5Z'),
        },
      ]);
    }

    const [previous, found, version, integrity] = original(
      path,
      ['init', lines],
      ['artifacts', {}],
      ['sql', 'SELECT version FROM schema_meta'],
      ['sql', 'PRAGMA integrity_check'],
    );
    const ownVersion = (lines as { version: number }).version;
    expect([previous, version, integrity]).toEqual([ownVersion, [[ownVersion]], [['ok']]]);
    expect(found).toMatchObject([{ id: idOf(2) }, { id: idOf(1) }]);
    if (more.length > 0) {
      expect(original(path, ['sql', 'SELECT seq, event_type FROM changelog_events'])).toEqual([
        [[1, 'artifact_published']],
      ]);
      expect(original(path, ['sql', event], ['sql', 'SELECT max(seq) FROM changelog_events'])[1]).toEqual([[2]]);
    }
    if (kind.length > 0) {
      expect(original(path, ['sql', 'SELECT agent_name, agent_kind FROM agent_snapshots'])).toEqual([
        [['writer', 'external']],
      ]);
    }
  });

  it('that was interrupted while it was created opens', async () => {
    const path = join(await temporaryFolder(), 'board.db');
    const first =
      'CREATE TABLE schema_meta (id INTEGER PRIMARY KEY CHECK (id = 1), version INTEGER NOT NULL, applied_at TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP)';
    original(path, ['sql', first]);
    const { answer } = await visit(path, (store) =>
      store.publish({ type: 'Note', payload: { n: 1 }, producedBy: 'us' }),
    );
    expect(original(path, ['init', { version: 3 }], ['artifacts', {}])[1]).toMatchObject([
      { id: answer.id, payload: { n: 1 } },
    ]);
  });

  it('keeps an artifact that cannot be read: an error by its id, reported, and no hindrance to the others', async () => {
    const path = join(await temporaryFolder(), 'board.db');
    original(
      path,
      ['init', { version: 3 }],
      ...fill,
      ['sql', `UPDATE artifacts SET created_at = 'long ago' WHERE artifact_id = '${idOf(1)}'`],
      ['sql', `UPDATE artifacts SET artifact_id = 'Nr. 2' WHERE artifact_id = '${idOf(2)}'`],
      ['publish', { id: idOf(3), type: 'Note', createdAt: '2026-04-01T12:00:00' }],
    );
    for (let opening = 0; opening < 2; opening++) {
      const { answer, events } = await visit(path, async (store) => ({
        list: idsOf(await store.list()),
        error: await store.get(idOf(1)).catch((error: unknown) => error),
      }));
      expect(answer.list).toEqual([idOf(3)]);
      expect(answer.error).toMatchObject({ code: 'corrupt' });
      expect(events.filter(({ type }) => type === 'unreadable')).toHaveLength(2);
    }
    const [rows] = original(path, ['sql', 'SELECT artifact_id, created_at FROM artifacts ORDER BY artifact_id']);
    expect(rows).toEqual([
      [idOf(1), 'long ago'],
      [idOf(3), '2026-04-01T12:00:00.000000+00:00'],
      ['Nr. 2', '2026-04-01T11:59:59.999000+00:00'],
    ]);
  });
});
