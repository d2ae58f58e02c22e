import { readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import type { SqliteStore } from '../../src/sqlite/sqlite-store.ts';
import { temporaryFolder } from '../persistence/temporary-folder.ts';
import { idsOf, openBoardFile, visit } from './boards.ts';
import { idOf } from './databases.ts';
import { hasPython, needsPython, original } from './python.ts';

const at = (time: string) => new Date(`2026-05-01T${time}Z`);

/** A board of ours with three artifacts at 10:00, 11:00 and 12:00, two of them consumed at 12:30. */
async function board(): Promise<string> {
  const path = join(await temporaryFolder(), 'board.db');
  await visit(path, async (store) => {
    const note = { type: 'app.Note', producedBy: 'us', payload: {} };
    await store.publishMany([
      { ...note, id: idOf(1), createdAt: at('10:00:00'), tags: ['old', 'one'] },
      { ...note, id: idOf(2), createdAt: at('11:00:00'), tags: ['old'], correlationId: 'c' },
      { ...note, id: idOf(3), createdAt: at('12:00:00.250'), tags: ['old'] },
    ]);
    const records = [1, 3].map((n) => ({
      artifactId: idOf(n),
      consumer: 'reader',
      runId: 'r',
      consumedAt: at('12:30:00'),
    }));
    await store.recordConsumptions(records);
  });
  return path;
}

async function tagged(store: SqliteStore, tag: string): Promise<string[]> {
  return idsOf((await store.queryArtifacts({ tags: tag })).items);
}

async function consumersOf(store: SqliteStore, id: string) {
  const [envelope] = (await store.queryArtifacts({ ids: id }, { embedMeta: true })).items;
  return envelope?.consumptions.map(({ consumer, runId, consumedAt }) => [consumer, runId, consumedAt]);
}

describe.runIf(hasPython)(
  `what the original does between two of our openings, ${needsPython}:`,
  { timeout: 60_000 },
  () => {
    let path: string;
    beforeEach(async () => {
      path = await board();
    });

    it('its schema and its pragmas change no row, and as the file is another one, a new epoch begins', async () => {
      const before = await visit(path, async (store) => [await store.list(), await store.stats()] as const);
      const [previous] = original(path, ['init', { version: 3 }]);
      expect(previous).toBe(3);
      expect(await readdir(dirname(path))).toEqual(['board.db', 'board.db.log']);
      const after = await visit(path, async (store) => [await store.list(), await store.stats()] as const);
      const [list, { epoch, sequence }] = after.answer;
      expect(list).toEqual(before.answer[0]);
      expect(epoch).not.toBe(before.answer[1].epoch);
      expect(sequence).toBe(before.answer[1].sequence);
      expect(after.events).toEqual([{ type: 'foreign-change', renewed: { artifacts: 0, consumptions: 0, merged: 0 } }]);
      const again = await visit(path, (store) => store.stats());
      expect(again.answer.epoch).toBe(epoch);
      expect(again.events).toEqual([]);
    });

    it('a new artifact takes its place in every order, under the next number and a new epoch', async () => {
      const before = await visit(path, (store) => store.stats());
      original(
        path,
        ['init', { version: 3 }],
        [
          'publish',
          {
            id: idOf(9),
            type: 'Note',
            canonicalType: 'app.Note',
            createdAt: '2026-05-01T13:30:00.123456+02:00',
            tags: ['new', 'old'],
            payload: { a: [1] },
          },
        ],
      );
      const { answer, events } = await visit(path, async (store) => ({
        list: await store.list(),
        type: idsOf(await store.listByType('app.Note')),
        down: idsOf((await store.queryArtifacts({}, { order: 'desc', limit: 2 })).items),
        fresh: await tagged(store, 'new'),
        old: await tagged(store, 'old'),
        window: idsOf((await store.queryArtifacts({ start: at('11:30:00.123'), end: at('11:30:00.123') })).items),
        stats: await store.stats(),
      }));
      expect(idsOf(answer.list)).toEqual([idOf(1), idOf(2), idOf(9), idOf(3)]);
      expect(answer.list[2]).toMatchObject({
        type: 'app.Note',
        payload: { a: [1] },
        createdAt: at('11:30:00.123'),
        sequence: 6,
      });
      expect(answer.type).toEqual([idOf(1), idOf(2), idOf(9), idOf(3)]);
      expect(answer.down).toEqual([idOf(3), idOf(9)]);
      expect(answer.fresh).toEqual([idOf(9)]);
      expect(answer.old).toEqual([idOf(1), idOf(2), idOf(9), idOf(3)]);
      expect(answer.window).toEqual([idOf(9)]);
      expect(answer.stats.sequence).toBe(6);
      expect(answer.stats.epoch).not.toBe(before.answer.epoch);
      expect(events).toEqual([{ type: 'foreign-change', renewed: { artifacts: 1, consumptions: 0, merged: 0 } }]);

      const again = await visit(path, (store) => store.stats());
      expect(again.events).toEqual([]);
      expect(again.answer.epoch).toBe(answer.stats.epoch);
    });

    it('a replaced artifact is there once, with its new time, tags and number, and its consumptions', async () => {
      original(path, [
        'publish',
        { id: idOf(1), type: 'app.Note', createdAt: '2026-05-01T15:00:00', tags: ['new'], version: 2 },
      ]);
      const { answer } = await visit(path, async (store) => ({
        list: await store.list(),
        tags: [await tagged(store, 'old'), await tagged(store, 'one'), await tagged(store, 'new')],
        consumers: await consumersOf(store, idOf(1)),
        counts: (await store.summarizeArtifacts()).tagCounts,
      }));
      expect(idsOf(answer.list)).toEqual([idOf(2), idOf(3), idOf(1)]);
      expect(answer.list[2]).toMatchObject({ version: 2, tags: ['new'], createdAt: at('15:00:00'), sequence: 6 });
      expect(answer.tags).toEqual([[idOf(2), idOf(3)], [], [idOf(1)]]);
      expect(answer.consumers).toEqual([['reader', 'r', at('12:30:00')]]);
      expect(answer.counts).toEqual({ old: 2, new: 1 });
    });

    it('a replacement that changes no more than the payload is seen too', async () => {
      original(path, [
        'publish',
        { id: idOf(2), type: 'app.Note', createdAt: '2026-05-01T11:00:00', tags: ['old'], payload: { b: 2 } },
      ]);
      const { answer } = await visit(
        path,
        async (store) => [await store.get(idOf(2)), await tagged(store, 'old')] as const,
      );
      expect(answer[0]).toMatchObject({ payload: { b: 2 }, correlationId: null, sequence: 6 });
      expect(answer[1]).toEqual([idOf(1), idOf(2), idOf(3)]);
    });

    it('consumptions that it records are there, and those that it records again are there once', async () => {
      original(path, [
        'consume',
        [
          {
            artifactId: idOf(1),
            consumer: 'reader',
            runId: 'r',
            consumedAt: '2026-05-01T14:30:00+02:00',
            correlationId: 'again',
          },
          { artifactId: idOf(3), consumer: 'reader', runId: 'r', consumedAt: '2026-05-01T12:30:00' },
          { artifactId: idOf(1), consumer: 'other', consumedAt: '2026-05-01T12:00:00.000001+00:00' },
          { artifactId: idOf(1), consumer: 'reader', runId: 'r2', consumedAt: '2026-05-01T12:30:00+00:00' },
        ],
      ]);
      const { answer, events } = await visit(path, async (store) => ({
        one: await consumersOf(store, idOf(1)),
        three: await consumersOf(store, idOf(3)),
        history: (await store.agentHistorySummary('reader')).consumed,
        stats: await store.stats(),
      }));
      expect(answer.one).toEqual([
        ['other', null, at('12:00:00')],
        ['reader', 'r', at('12:30:00')],
        ['reader', 'r2', at('12:30:00')],
      ]);
      expect(answer.three).toEqual([['reader', 'r', at('12:30:00')]]);
      expect(answer.history).toEqual({ total: 3, byType: { 'app.Note': 3 } });
      expect(answer.stats.consumptions).toBe(4);
      expect(events).toEqual([{ type: 'foreign-change', renewed: { artifacts: 0, consumptions: 2, merged: 2 } }]);
    });

    it('a consumption that we wrote and it records again in the very same words is there once', async () => {
      const words = '2026-05-01T12:30:00.000000+00:00';
      const columns = 'artifact_id, consumer, run_id, correlation_id, consumed_at';
      const insert = `INSERT OR REPLACE INTO artifact_consumptions (${columns}) VALUES ('${idOf(1)}', 'reader', 'r', NULL, '${words}')`;
      original(path, ['sql', insert]);
      const { answer } = await visit(path, (store) => consumersOf(store, idOf(1)));
      expect(answer).toEqual([['reader', 'r', at('12:30:00')]]);
    });

    it('what it deletes is gone, from the tags as well', async () => {
      const [count] = original(path, ['deleteBefore', '2026-05-01T11:30:00+00:00']);
      expect(count).toBe(2);
      const { answer } = await visit(path, async (store) => ({
        list: idsOf(await store.list()),
        tags: [await tagged(store, 'old'), await tagged(store, 'one')],
        counts: (await store.summarizeArtifacts()).tagCounts,
        history: (await store.agentHistorySummary('reader')).consumed.total,
      }));
      expect(answer).toEqual({ list: [idOf(3)], tags: [[idOf(3)], []], counts: { old: 1 }, history: 1 });
    });

    it('its vacuum changes nothing', async () => {
      const before = await visit(path, (store) => store.list());
      original(path, ['sql', `DELETE FROM artifacts WHERE artifact_id = '${idOf(1)}'`], ['sql', 'VACUUM']);
      const { answer } = await visit(path, async (store) => [await store.list(), await tagged(store, 'old')]);
      expect(answer).toEqual([before.answer.slice(1), [idOf(2), idOf(3)]]);
    });

    it('its agents are there', async () => {
      original(path, [
        'agent',
        { name: 'theirs', firstSeen: '2026-05-01T12:00:00', lastSeen: '2026-05-01T14:00:00.500000+02:00' },
      ]);
      const { answer } = await visit(path, (store) => store.loadAgentSnapshots());
      expect(answer).toMatchObject([{ agentName: 'theirs', firstSeen: at('12:00:00'), lastSeen: at('12:00:00.500') }]);
    });

    it('a later version that rewrites every time in its own form changes no instant, and no tag', async () => {
      const before = await visit(path, (store) => store.list());
      original(path, ['init', { version: 4, utc: true }]);
      const [times] = original(path, ['sql', 'SELECT created_at FROM artifacts ORDER BY artifact_id']);
      expect(times).toEqual([
        ['2026-05-01T10:00:00+00:00'],
        ['2026-05-01T11:00:00+00:00'],
        ['2026-05-01T12:00:00.250000+00:00'],
      ]);
      const { answer } = await visit(path, async (store) => [await store.list(), await tagged(store, 'old')] as const);
      expect(answer[0].map((artifact) => ({ ...artifact, sequence: 0 }))).toEqual(
        before.answer.map((artifact) => ({ ...artifact, sequence: 0 })),
      );
      expect(answer[1]).toEqual([idOf(1), idOf(2), idOf(3)]);
      expect(original(path, ['sql', 'SELECT version FROM schema_meta'])).toEqual([[[4]]]);
    });

    it('later versions add their tables and columns, and we keep them', async () => {
      original(
        path,
        ['init', { version: 6, changelog: true, agent_kind: true }],
        ['sql', "INSERT INTO changelog_events (event_type, timestamp) VALUES ('x', 'y')"],
      );
      await visit(path, (store) => store.publish({ type: 'app.Note', producedBy: 'us', payload: {} }));
      expect(
        original(
          path,
          ['sql', 'SELECT event_type FROM changelog_events'],
          ['sql', 'SELECT agent_kind FROM agent_snapshots'],
        ),
      ).toEqual([[['x']], []]);
    });

    it('both write in turns for a while, and neither loses anything', async () => {
      for (let turn = 10; turn < 20; turn++) {
        const time = `2026-05-02T00:00:${String(turn)}`;
        original(
          path,
          ['init', { version: 3 }],
          ['publish', { id: idOf(turn), type: 'app.Note', createdAt: time, tags: ['theirs'] }],
          ['consume', [{ artifactId: idOf(turn), consumer: 'theirs', consumedAt: time }]],
        );
        await visit(path, async (store) => {
          const note = { type: 'app.Note', producedBy: 'us', payload: {}, tags: 'ours' };
          await store.publish({ ...note, id: idOf(turn + 100), createdAt: new Date(`${time}.500Z`) });
          await store.recordConsumptions([{ artifactId: idOf(turn), consumer: 'ours' }]);
        });
      }
      const turns = Array.from({ length: 10 }, (_, i) => 10 + i);
      const { answer } = await visit(path, async (store) => ({
        list: idsOf(await store.list()),
        sequences: (await store.list()).map(({ sequence }) => sequence),
        tags: [await tagged(store, 'theirs'), await tagged(store, 'ours')],
        stats: await store.stats(),
      }));
      expect(answer.list).toEqual([
        idOf(1),
        idOf(2),
        idOf(3),
        ...turns.flatMap((turn) => [idOf(turn), idOf(turn + 100)]),
      ]);
      expect(new Set(answer.sequences).size).toBe(23);
      expect(answer.tags).toEqual([turns.map(idOf), turns.map((turn) => idOf(turn + 100))]);
      expect(answer.stats).toMatchObject({ artifacts: 23, consumptions: 22, sequence: 45 });
      expect(original(path, ['sql', 'PRAGMA integrity_check'])).toEqual([[['ok']]]);
    });

    it('a write while we have the board open is not overwritten: our checkpoint is refused, and both stay', async () => {
      const store = await openBoardFile(path);
      await store.publish({ type: 'app.Note', producedBy: 'us', payload: {} });
      original(path, ['publish', { id: idOf(9), type: 'app.Note', createdAt: '2026-05-01T13:00:00' }]);
      await store.flush();
      await expect(store.checkpoint()).rejects.toMatchObject({ code: 'conflict' });
      await expect(store.close()).rejects.toMatchObject({ code: 'conflict' });
      const [found] = original(path, ['sql', 'SELECT artifact_id FROM artifacts ORDER BY created_at']);
      expect(found).toEqual([[idOf(1)], [idOf(2)], [idOf(3)], [idOf(9)]]);
      await store.close({ checkpoint: false });
      // What we wrote is in the log, and follows a file that is no longer there: nobody but the user can say what to do.
      await expect(openBoardFile(path)).rejects.toMatchObject({ code: 'corrupt' });
    });
  },
);
