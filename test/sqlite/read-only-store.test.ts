import { describe, expect, it } from 'vitest';
import { openSqliteStore } from '../../src/sqlite/sqlite-store.ts';
import { countIn, failureOf, NOTE, open } from './trial-store.ts';
import { TrialMedium } from './trial-medium.ts';

describe('a store opened to read', () => {
  async function savedMedium(): Promise<TrialMedium> {
    const medium = new TrialMedium();
    const store = await open({ medium });
    await store.publish(NOTE);
    await store.close();
    medium.steps.length = 0;
    return medium;
  }

  it('reads, refuses every write and saves nothing', async () => {
    const medium = await savedMedium();
    const store = await open({ medium, readOnly: true });
    expect(medium.openings.at(-1)).toMatchObject({ readOnly: true });
    expect(store.capabilities.writable).toBe(false);
    expect(await store.list()).toHaveLength(1);
    expect(await countIn(await store.exportBytes())).toBe(1);
    const refused = [
      store.publish(NOTE),
      store.publishMany([NOTE]),
      store.recordConsumptions([]),
      store.clearAgentSnapshots(),
      store.deleteBefore(new Date()),
      store.vacuum(),
      store.checkpoint(),
    ];
    for (const call of refused) expect(await failureOf(call)).toMatchObject({ code: 'read-only' });
    await store.flush();
    await store.close();
    expect(medium.steps).toEqual(['open', 'load', 'close']);
  });

  it('is refused where nothing was ever saved, and saves nothing', async () => {
    const medium = new TrialMedium();
    const error = await failureOf(openSqliteStore({ medium, readOnly: true }));
    expect(error).toMatchObject({
      code: 'not-found',
      message: `Cannot open the board ${JSON.stringify(medium.name)}: there is none, and readOnly: true makes none`,
    });
    expect(medium.steps).toEqual(['open', 'load', 'close']);
  });
});
