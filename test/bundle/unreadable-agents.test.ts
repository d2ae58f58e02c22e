import { describe, expect, it } from 'vitest';
import { importBundle } from '../../src/bundle/import-bundle.ts';
import { agent, consumption, entry, idOf } from '../../src/contract/samples.ts';
import { createMemoryStore } from '../../src/memory/memory-store.ts';
import { altered } from '../contract/altered-store.ts';
import { openDriver } from '../original/databases.ts';
import { TrialMedium } from '../sqlite/trial-medium.ts';
import { open } from '../sqlite/trial-store.ts';
import { exported } from './bundles.ts';

/** A store that holds an agent which it can read, and one which it cannot. */
async function partlyReadable() {
  const store = createMemoryStore();
  await store.upsertAgentSnapshot(agent('scribe'));
  return { store, partly: altered(store, { stats: async () => ({ ...(await store.stats()), agents: 2 }) }) };
}

async function bundleOf(...names: readonly string[]): Promise<string> {
  const store = createMemoryStore();
  for (const name of names) await store.upsertAgentSnapshot(agent(name));
  return exported(store);
}

describe('an import onto a board with an agent that cannot be read exactly', () => {
  it.each(['fail', 'skip', 'replace'] as const)(
    'is refused with "%s" when the bundle holds an agent that may be that one, and writes nothing',
    async (onConflict) => {
      const { store, partly } = await partlyReadable();
      const { sequence } = await store.stats();
      await expect(importBundle(partly, await bundleOf('reader', 'scribe'), { onConflict })).rejects.toMatchObject({
        code: 'corrupt',
        message:
          'Cannot import the bundle: 1 of the 2 agents on the board cannot be read exactly, and agent "reader" may be one of them',
      });
      expect((await store.stats()).sequence).toBe(sequence);
    },
  );

  it('goes on when it is another one', async () => {
    const { partly } = await partlyReadable();
    expect((await importBundle(partly, await bundleOf('scribe'))).agents.unchanged).toBe(1);
  });
});

describe('a board with a text of somebody else’s that has no UTF-8 form', () => {
  const BACKSLASHES = ['\\ud800', '\\\\udfff', '"\\ud834', '\\"', 'ud800', '\ud834\udd1e'];

  async function boardWith(script: string) {
    const store = await open();
    await store.publish(entry(1, { payload: { texts: BACKSLASHES } }));
    await store.recordConsumptions([consumption(1)]);
    await store.upsertAgentSnapshot(agent('scribe'));
    const driver = await openDriver(await store.exportBytes());
    driver.script(script);
    return open({ medium: new TrialMedium(driver.exportBytes()) });
  }

  it.each([
    ['artifact', `UPDATE artifacts SET payload = '{"a":"\\ud800"}'`, `artifact "${idOf(1)}"`],
    ['artifact', `UPDATE artifacts SET payload = '{"a":"\\\\\\ud800"}'`, `artifact "${idOf(1)}"`],
    ['artifact', `UPDATE artifacts SET tags = '["\\udfff"]'`, `artifact "${idOf(1)}"`],
    [
      'artifact',
      `UPDATE artifacts SET payload = '{"a":${'['.repeat(600)}${']'.repeat(600)}}'`,
      `artifact "${idOf(1)}"`,
    ],
    ['agent', `UPDATE agent_snapshots SET labels = '["\\udabcx"]'`, 'agent "scribe"'],
  ])('is not exported, and told which %s it is: %s', async (_, script, subject) => {
    await expect(exported(await boardWith(script))).rejects.toMatchObject({
      code: 'corrupt',
      message: `Cannot export the board: ${subject} holds what no import takes`,
    });
  });

  it('is another thing than one whose texts look like it', async () => {
    const [from, to] = [await boardWith('SELECT 1'), createMemoryStore()];
    await importBundle(to, await exported(from));
    expect((await to.get(idOf(1)))?.payload).toEqual({ texts: BACKSLASHES });
  });
});

describe('a board of SQLite with an agent that cannot be read exactly', () => {
  async function damaged() {
    const sound = await open();
    await sound.upsertAgentSnapshot(agent('scribe'));
    const text = await exported(sound);
    const driver = await openDriver(await sound.exportBytes());
    driver.script("UPDATE agent_snapshots SET first_seen = 'x'");
    return { text, store: await open({ medium: new TrialMedium(driver.exportBytes()) }) };
  }

  it('is not exported', async () => {
    const { store } = await damaged();
    await expect(exported(store)).rejects.toMatchObject({ code: 'corrupt' });
  });

  it.each(['fail', 'skip', 'replace'] as const)('keeps it whatever is imported with "%s"', async (onConflict) => {
    const { store, text } = await damaged();
    await expect(importBundle(store, text, { onConflict })).rejects.toMatchObject({ code: 'corrupt' });
    expect(await store.loadAgentSnapshots()).toEqual([]);
    expect((await store.stats()).agents).toBe(1);
  });
});
