import {
  demand,
  encodeGeneration,
  readGenerations,
  type Generation,
  type Generations,
} from './indexeddb-generation.ts';
import { promisifyRequest, write, writeUnlessThere, type UseStore } from './indexeddb-keyval.ts';
import { chunkKey, generationKey, keysUnder, recordsBefore, sealKey } from './indexeddb-layout.ts';

/**
 * Makes a generation, whose chunks are written, the board's snapshot, and drops what nobody needs any more: every generation
 * but it and the last one, the records before the last one, and the chunks of neither. One transaction: at every moment there
 * is a snapshot with all that came after it. False when somebody else has saved since the generations were looked up.
 */
export async function switchTo(use: UseStore, next: Generation, known: Generations): Promise<boolean> {
  const [last] = known.readable;
  const kept = last === undefined ? [next] : [last, next];
  const used = new Set(kept.flatMap(({ chunks }) => chunks.map(({ save }, i) => textOf(chunkKey(save, i)))));
  const chunkKeys = await use('readonly', (store) => promisifyRequest(store.getAllKeys(keysUnder('chunk'))));

  const isSwitched = await writeUnlessThere(use, (store) => {
    demand(store, known.newest);
    store.add(encodeGeneration(next), generationKey(next.number));
    for (const key of chunkKeys) if (!used.has(textOf(key))) store.delete(key);
    if (last === undefined) return;
    store.delete(recordsBefore(last.mark.number));
    for (const number of new Set([last.number - 1, ...known.numbers])) {
      if (number === last.number) continue;
      store.delete(generationKey(number));
      store.put(0, sealKey(number));
    }
  });
  // The connection may have been lost in between, and the first run is what the second one met.
  return isSwitched || (await isUsed(use, next.save));
}

/** Removes the chunks of a save, unless a snapshot is made of them. */
export async function dropUnused(use: UseStore, save: string): Promise<void> {
  if (await isUsed(use, save)) return;
  await write(use, (store) => {
    store.delete(keysUnder('chunk', save));
  });
}

async function isUsed(use: UseStore, save: string): Promise<boolean> {
  const { readable } = await use('readonly', readGenerations);
  // Later saves go on using the chunks that they found unchanged.
  return readable.some(({ save: own, chunks }) => own === save || chunks.some((chunk) => chunk.save === save));
}

function textOf(key: IDBValidKey): string {
  return JSON.stringify(key);
}
