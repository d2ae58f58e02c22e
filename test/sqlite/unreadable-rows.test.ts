import { describe, expect, it } from 'vitest';
import type { StoreEvent } from '../../src/sqlite/store-event.ts';
import { databaseOf, failureOf, NOTE, open } from './trial-store.ts';
import { TrialMedium } from './trial-medium.ts';

describe('a row that cannot be read', () => {
  it('of a consumption is told of and left out of its envelope', async () => {
    const store = await open();
    const { id } = await store.publish(NOTE);
    await store.recordConsumptions([
      { artifactId: id, consumer: 'a' },
      { artifactId: id, consumer: 'b' },
    ]);
    const driver = await databaseOf(await store.exportBytes());
    driver.script(`UPDATE artifact_consumptions SET run_id = x'ff' WHERE consumer = 'a'`);
    const events: StoreEvent[] = [];
    const other = await open({ medium: new TrialMedium(driver.exportBytes()), onEvent: (event) => events.push(event) });
    const [envelope] = (await other.fetchGraphArtifacts()).items;
    expect(envelope?.consumptions.map(({ consumer }) => consumer)).toEqual(['b']);
    expect(events).toEqual([
      {
        type: 'unreadable',
        error: expect.objectContaining({ code: 'corrupt', message: expect.stringContaining(id) as string }) as Error,
      },
    ]);
  });

  it('because its visibility is nested without end keeps no other from being read', async () => {
    const store = await open();
    const [broken, sound] = await store.publishMany([NOTE, NOTE]);
    const driver = await databaseOf(await store.exportBytes());
    const levels = 20_000;
    const visibility = `${'{"kind":"After","ttl":"PT1S","then":'.repeat(levels)}null${'}'.repeat(levels)}`;
    driver.run({ text: 'UPDATE artifacts SET visibility = ? WHERE artifact_id = ?', values: [visibility, broken.id] });
    const other = await open({ medium: new TrialMedium(driver.exportBytes()) });
    expect(await other.list()).toEqual([sound]);
    expect(await failureOf(other.get(broken.id))).toMatchObject({ code: 'corrupt' });
  });

  it('is told of each time it is left out', async () => {
    const store = await open();
    const [broken, sound] = await store.publishMany([{ ...NOTE, tags: ['a'] }, NOTE]);
    const driver = await databaseOf(await store.exportBytes());
    driver.run({
      text: `UPDATE artifacts SET payload = '{', sequence = sequence + 10 WHERE artifact_id = ?`,
      values: [broken.id],
    });
    const events: StoreEvent[] = [];
    const other = await open({ medium: new TrialMedium(driver.exportBytes()), onEvent: (event) => events.push(event) });
    expect(await other.list()).toEqual([sound]);
    expect(await other.queryArtifacts({ tags: 'a' })).toEqual({ items: [], total: 1, nextCursor: null });
    expect(events).toEqual(
      [1, 2].map(() => ({
        type: 'unreadable',
        error: expect.objectContaining({
          code: 'corrupt',
          message: expect.stringContaining(broken.id) as string,
        }) as Error,
      })),
    );
    expect(await failureOf(other.get(broken.id))).toMatchObject({ code: 'corrupt' });
  });
});

it.each([
  ['', ''],
  [
    ', nor has one without an id any',
    `INSERT INTO artifacts (type, canonical_type, produced_by, payload, version, visibility, tags, created_at)
     SELECT type, canonical_type, produced_by, payload, version, visibility, tags, created_at FROM artifacts`,
  ],
])('a row that somebody replaced and deleted leaves no tag to be counted%s', async (_, script) => {
  const store = await open();
  const [gone] = await store.publishMany([
    { ...NOTE, tags: ['a', 'b'] },
    { ...NOTE, tags: ['a'] },
  ]);
  const driver = await databaseOf(await store.exportBytes());
  driver.script(`INSERT OR REPLACE INTO artifacts (artifact_id, type, canonical_type, produced_by, payload, version,
    visibility, tags, created_at) SELECT artifact_id, type, canonical_type, produced_by, payload, version, visibility,
    '[]', created_at FROM artifacts WHERE artifact_id = '${gone.id}';
    DELETE FROM artifacts WHERE artifact_id = '${gone.id}'; ${script}`);
  const other = await open({ medium: new TrialMedium(driver.exportBytes()) });
  expect((await other.summarizeArtifacts()).tagCounts).toEqual({ a: 1 });
});
