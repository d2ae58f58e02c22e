import { encodeGeneration, readGenerations, type Generation } from './indexeddb-generation.ts';
import { promisifyRequest, type UseStore } from './indexeddb-keyval.ts';
import { chunkKey, generationKey, keysUnder, recordsBefore } from './indexeddb-layout.ts';

/**
 * Makes a generation, whose chunks are written, the board's snapshot, and drops what nobody needs any more: every generation
 * but it and the last one, the records before the last one, and the chunks of neither. One transaction: at every moment there
 * is a snapshot with all that came after it. False when somebody else has saved since the last one was looked up.
 */
export function switchTo(use: UseStore, next: Generation, last: Generation | null): Promise<boolean> {
  return use('readwrite', async (store) => {
    const [{ newest, readable }, chunkKeys] = await Promise.all([
      readGenerations(store),
      promisifyRequest(store.getAllKeys(keysUnder('chunk'))),
    ]);
    // The connection was lost in between, and the first run took effect.
    if (readable[0]?.save === next.save) return true;
    if (newest !== next.number - 1) return false;

    const kept = last === null ? [next] : [last, next];
    store.delete(keysUnder('generation'));
    for (const generation of kept) store.put(encodeGeneration(generation), generationKey(generation.number));
    // The number of a snapshot stays: who has read up to it goes on from there.
    if (last !== null) store.delete(recordsBefore(last.mark.number));
    const used = new Set(kept.flatMap(({ chunks }) => chunks.map(({ save }, i) => textOf(chunkKey(save, i)))));
    for (const key of chunkKeys) if (!used.has(textOf(key))) store.delete(key);
    store.transaction.commit();
    await promisifyRequest(store.transaction);
    return true;
  });
}

/** Removes the chunks of a save, unless they are the board's snapshot. */
export function dropUnused(use: UseStore, save: string): Promise<void> {
  return use('readwrite', async (store) => {
    const { readable } = await readGenerations(store);
    if (readable.some((generation) => generation.save === save)) return;
    store.delete(keysUnder('chunk', save));
    await promisifyRequest(store.transaction);
  });
}

function textOf(key: IDBValidKey): string {
  return JSON.stringify(key);
}
