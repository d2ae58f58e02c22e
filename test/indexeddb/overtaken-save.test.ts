import 'fake-indexeddb/auto';
import { createStore } from 'idb-keyval';
import { expect, it } from 'vitest';
import { checksumOf } from '../../src/persistence/checksum.ts';
import { CHUNK_SIZE, readGenerations } from '../../src/persistence/indexeddb-generation.ts';
import type { UseStore } from '../../src/persistence/indexeddb-keyval.ts';
import { loadNewest } from '../../src/persistence/indexeddb-load.ts';
import { saveGeneration } from '../../src/persistence/indexeddb-save.ts';
import type { Snapshot } from '../../src/persistence/medium.ts';

/** Two chunks, each of one byte again and again. */
function snapshotOf(first: number, second: number): Snapshot {
  const bytes = new Uint8Array(CHUNK_SIZE + 10).fill(first).fill(second, CHUNK_SIZE);
  const mark = {
    epoch: 'e',
    number: second,
    sequence: second,
    chain: 0,
    size: bytes.length,
    checksum: checksumOf(bytes),
  };
  return { bytes, mark };
}

/** A connection that is lost after a save was carried out and before it was told, and comes back when others have saved. */
function losing(use: UseStore, saveOthers: () => Promise<void>): UseStore {
  let isLost = false;
  return async (mode, ask) => {
    const answer = await use(mode, ask);
    if (isLost || mode === 'readonly' || (await use('readonly', readGenerations)).newest < 2) return answer;
    isLost = true;
    await saveOthers();
    return use(mode, ask);
  };
}

it('takes no chunk from later snapshots, when a save was carried out without an answer', async () => {
  const use = createStore('overtaken', 'board');
  await saveGeneration(use, snapshotOf(1, 1), true, {});
  const saving = losing(use, async () => {
    await saveGeneration(use, snapshotOf(2, 3), true, {});
    await saveGeneration(use, snapshotOf(2, 4), true, {});
  });
  await saveGeneration(saving, snapshotOf(2, 2), true, {});
  expect((await loadNewest(use, {}))?.board.bytes.at(0)).toBe(2);
});
