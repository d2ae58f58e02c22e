import { readFileSync } from 'node:fs';
import { readFile, readdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { SqliteStore } from '../../src/sqlite/sqlite-store.ts';
import { copyFixtures, fixturePath, openBoardFile, visit } from './boards.ts';
import { openDriver, rowsOf } from './databases.ts';
import { hasPython, needsPython, original } from './python.ts';

interface Expected {
  readonly artifacts: readonly {
    readonly id: string;
    readonly type: string;
    readonly producedBy: string;
    readonly payload: unknown;
    readonly tags: readonly string[];
    readonly correlationId: string | null;
    readonly partitionKey: string | null;
    readonly createdAtMs: number;
    readonly visibilityKind: string;
  }[];
  readonly consumptions: number;
  readonly agents: readonly string[];
}

function expected(name: string): Expected {
  return JSON.parse(readFileSync(fixturePath(`${name}.json`), 'utf8')) as Expected;
}

/** What the file says, read without our reader. */
async function raw(name: string) {
  const driver = await openDriver(await readFile(fixturePath(`${name}.db`)));
  const time = (text: unknown) => new Date(Date.parse(String(text)));
  const artifacts = rowsOf(driver, 'SELECT artifact_id, version, visibility FROM artifacts');
  const consumptions = rowsOf(
    driver,
    `SELECT artifact_id, consumer, run_id, correlation_id, consumed_at FROM artifact_consumptions
     WHERE artifact_id IN (SELECT artifact_id FROM artifacts)`,
  );
  const agents = rowsOf(driver, 'SELECT * FROM agent_snapshots ORDER BY agent_name');
  const renamed = (visibility: string) =>
    JSON.parse(visibility.replace('required_labels', 'requiredLabels').replace('tenant_id', 'tenantId')) as unknown;
  return {
    versions: new Map(artifacts.map(([id, version]) => [id, version])),
    visibilities: new Map(artifacts.map(([id, , visibility]) => [id, renamed(String(visibility))])),
    consumptions: consumptions.map(([artifactId, consumer, runId, correlationId, consumedAt]) => {
      return { artifactId, consumer, runId, correlationId, consumedAt: time(consumedAt) };
    }),
    agents: agents.map(
      ([agentName, description, subscriptions, outputTypes, labels, firstSeen, lastSeen, signature]) => ({
        ...{ agentName, description, signature },
        subscriptions: JSON.parse(String(subscriptions)) as unknown,
        outputTypes: JSON.parse(String(outputTypes)) as unknown,
        labels: JSON.parse(String(labels)) as unknown,
        ...{ firstSeen: time(firstSeen), lastSeen: time(lastSeen) },
      }),
    ),
  };
}

async function everything(store: SqliteStore) {
  return {
    artifacts: await store.list(),
    envelopes: (await store.fetchGraphArtifacts({}, { limit: Infinity })).items,
    agents: await store.loadAgentSnapshots(),
    stats: await store.stats(),
    summary: await store.summarizeArtifacts(),
  };
}

describe.each(['original-v3', 'original-v3-wal'])('%s.db', (name) => {
  const { artifacts, consumptions, agents } = expected(name);

  it('is migrated when it opens, and all of it is found, in order, then and after it was saved and opened again', async () => {
    const path = await copyFixtures(`${name}.db`);
    const file = await raw(name);
    const first = await visit(path, everything);
    const second = await visit(path, everything);
    for (const { answer } of [first, second]) {
      expect(
        answer.artifacts.map(
          ({ id, type, producedBy, payload, tags, correlationId, partitionKey, createdAt, visibility }) => ({
            ...{ id, type, producedBy, payload, tags, correlationId, partitionKey },
            createdAtMs: createdAt.getTime(),
            visibilityKind: visibility.kind,
          }),
        ),
      ).toEqual(artifacts);
      expect(answer.artifacts.map(({ id, version }) => [id, version])).toEqual(
        artifacts.map(({ id }) => [id, file.versions.get(id)]),
      );
      expect(answer.artifacts.map(({ visibility }) => visibility)).toEqual(
        artifacts.map(({ id }) => file.visibilities.get(id)),
      );
      expect(answer.artifacts.map(({ sequence }) => sequence)).toEqual(artifacts.map((_, i) => i + 1));

      const found = answer.envelopes.flatMap((envelope) => envelope.consumptions);
      expect(new Set(found.map((one) => JSON.stringify(one)))).toEqual(
        new Set(file.consumptions.map((one) => JSON.stringify(one))),
      );
      expect(found).toHaveLength(file.consumptions.length);
      expect(answer.stats).toMatchObject({ artifacts: artifacts.length, consumptions });
      // One of the consumptions in the file is of an artifact that is gone: it stays, and nobody sees it.
      expect(answer.stats.sequence).toBe(artifacts.length + consumptions + 1 + agents.length);

      expect(answer.agents).toEqual(file.agents);
      expect(answer.agents.map(({ agentName }) => agentName)).toEqual([...agents].sort());
    }
    expect(second.answer).toEqual({
      ...first.answer,
      stats: { ...first.answer.stats, lastCheckpoint: null, operations: second.answer.stats.operations },
    });
    expect(first.events).toEqual([
      {
        type: 'migrated',
        migration: {
          artifacts: artifacts.length,
          consumptions: consumptions + 1,
          merged: 0,
          agents: agents.length,
          originalVersion: 3,
        },
      },
    ]);
    expect(second.events).toEqual([]);
    expect(await readdir(dirname(path))).toEqual([`${name}.db`, `${name}.db.log`]);
  });

  it('is found by every filter as the list of what must be found says', async () => {
    const store = await openBoardFile(await copyFixtures(`${name}.db`));
    const ids = async (filter: Parameters<SqliteStore['queryArtifacts']>[0]) =>
      (await store.queryArtifacts(filter, { limit: Infinity })).items.map(({ id }) => id);
    const wanted = (is: (artifact: Expected['artifacts'][number]) => boolean) =>
      artifacts.filter(is).map(({ id }) => id);
    for (const type of new Set(artifacts.map((artifact) => artifact.type))) {
      expect(await ids({ typeNames: type })).toEqual(wanted((artifact) => artifact.type === type));
    }
    for (const tag of new Set(artifacts.flatMap(({ tags }) => tags))) {
      expect(await ids({ tags: tag })).toEqual(wanted(({ tags }) => tags.includes(tag)));
    }
    for (const kind of new Set(artifacts.map(({ visibilityKind }) => visibilityKind))) {
      const visibility = kind as 'Public';
      expect(await ids({ visibility })).toEqual(wanted((artifact) => artifact.visibilityKind === kind));
    }
    for (const correlationId of new Set(artifacts.map((artifact) => artifact.correlationId))) {
      expect(await ids({ correlationId })).toEqual(wanted((artifact) => artifact.correlationId === correlationId));
    }
    const middle = artifacts[Math.floor(artifacts.length / 2)]?.createdAtMs ?? 0;
    expect(await ids({ start: new Date(middle) })).toEqual(wanted(({ createdAtMs }) => createdAtMs >= middle));
    expect(await ids({ end: new Date(middle) })).toEqual(wanted(({ createdAtMs }) => createdAtMs <= middle));
  });

  it('opened to read is migrated in memory and stays as it is', async () => {
    const path = await copyFixtures(`${name}.db`);
    const store = await openBoardFile(path, { readOnly: true });
    expect((await store.list()).map(({ id }) => id)).toEqual(artifacts.map(({ id }) => id));
    await store.close();
    expect(Buffer.compare(await readFile(path), await readFile(fixturePath(`${name}.db`)))).toBe(0);
  });
});

describe('original-v3-crashed.db, whose writer left its -wal behind,', () => {
  const names = ['original-v3-crashed.db', 'original-v3-crashed.db-wal'] as const;
  const { artifacts, consumptions } = expected('original-v3-crashed');

  it('is refused with the way to fold it in, and both files stay as they are', async () => {
    const path = await copyFixtures(...names);
    for (const readOnly of [false, true]) {
      await expect(openBoardFile(path, { readOnly })).rejects.toMatchObject({
        code: 'unsupported',
        message: expect.stringContaining(`sqlite3 ${JSON.stringify(path)} "PRAGMA journal_mode=DELETE"`) as string,
      });
    }
    for (const [i, file] of [path, `${path}-wal`].entries()) {
      expect(Buffer.compare(await readFile(file), await readFile(fixturePath(names[i] ?? '')))).toBe(0);
    }
    expect(await readdir(dirname(path))).toEqual(names);
  });

  it.runIf(hasPython)(
    `opens with all of it once it was folded in that way, ${needsPython}`,
    { timeout: 60_000 },
    async () => {
      const path = await copyFixtures(...names);
      original(path, ['sql', 'PRAGMA journal_mode=DELETE']);
      expect(await readdir(dirname(path))).toEqual(['original-v3-crashed.db']);
      const { answer } = await visit(path, everything);
      expect(answer.artifacts.map(({ id }) => id)).toEqual(artifacts.map(({ id }) => id));
      expect(answer.stats.consumptions).toBe(consumptions);
    },
  );
});

describe('a file that is no board, or no longer one, is refused and left as it is:', () => {
  const whole = readFileSync(fixturePath('original-v3.db'));
  const flipped = Buffer.from(whole);
  flipped.fill(0xff, 8 * 4096, 9 * 4096);

  const bytesOf = async (script: string) => {
    const driver = await openDriver();
    driver.script(script);
    return driver.exportBytes();
  };

  it.each<[string, () => Uint8Array | Promise<Uint8Array>, string, RegExp]>([
    ['an empty file', () => Buffer.alloc(0), 'not-a-board', /: it is empty, 0 bytes/],
    ['a text file', () => Buffer.from('Dear diary\n'.repeat(1000)), 'not-a-board', /: it is not a SQLite database$/],
    ['a file shorter than any database', () => whole.subarray(0, 50), 'corrupt', /damaged/],
    ['a board cut in the middle of a page', () => whole.subarray(0, 40_000), 'corrupt', /damaged/],
    ['a board cut between pages', () => whole.subarray(0, 10 * 4096), 'corrupt', /damaged/],
    ['a board of one page', () => whole.subarray(0, 4096), 'corrupt', /damaged/],
    ['a board with a page of rubbish', () => flipped, 'corrupt', /damaged/],
    [
      'a database of someone else',
      () => bytesOf('CREATE TABLE moz_places (url); PRAGMA user_version = 77'),
      'not-a-board',
      /no table "artifacts"/,
    ],
    [
      'a database that someone else marked',
      () => bytesOf('CREATE TABLE t (a); PRAGMA application_id = 252006673'),
      'not-a-board',
      /another program/,
    ],
    [
      'a newer board',
      () => bytesOf('CREATE TABLE schema_meta (id, version); PRAGMA user_version = 2'),
      'newer-format',
      /has version 2/,
    ],
  ])('%s', async (_, make, code, problem) => {
    const path = await copyFixtures('original-v3.db');
    const bytes = await make();
    await writeFile(path, bytes);
    for (const readOnly of [true, false]) {
      const opening = openBoardFile(path, { readOnly });
      await expect(opening).rejects.toMatchObject({ code, message: expect.stringMatching(problem) as string });
      await expect(opening).rejects.toThrow(`Cannot open the board ${JSON.stringify(path)}: `);
    }
    expect(Buffer.compare(await readFile(path), bytes)).toBe(0);
    expect(await readdir(dirname(path))).toEqual(['original-v3.db']);
  });

  it('a board of ours that a newer version wrote', async () => {
    const path = await copyFixtures('original-v3.db');
    await visit(path, (store) => store.flush());
    const driver = await openDriver(await readFile(path));
    driver.script('PRAGMA user_version = 9');
    const newer = driver.exportBytes();
    await writeFile(path, newer);
    await expect(openBoardFile(path)).rejects.toMatchObject({ code: 'newer-format' });
    expect(Buffer.compare(await readFile(path), newer)).toBe(0);
  });
});
