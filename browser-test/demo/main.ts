import { indexedDBMedium } from 'boardlite/indexeddb';
import { openSqliteStore, type StoreEvent } from 'boardlite/sqlite';
import { BoardPage, report } from './board-page.ts';
import { StorageLine } from './storage-line.ts';
import { SAMPLES } from './types.ts';

const storage = new StorageLine();
let page: BoardPage | null = null;
// A store follows the other tabs by itself, but does not tell when: the tabs of this page tell each other.
const others = new BroadcastChannel('boardlite demo');

function onEvent(event: StoreEvent): void {
  if (event.type === 'memory-fallback' || event.type === 'detached') {
    storage.trouble = event.error;
    void page?.show();
  } else if (event.type === 'orphan-adopted') {
    others.postMessage('Writes that a closed tab left behind were carried out.');
  } else if ('error' in event) {
    report(event.error);
  }
}

async function start(): Promise<void> {
  const board = await openSqliteStore({
    medium: indexedDBMedium('demo'),
    types: SAMPLES.map(({ type }) => type),
    wasm: 'sql-wasm.wasm',
    fallback: 'memory',
    onEvent,
  });
  const shown = new BoardPage(board, storage, () => others.postMessage('Another tab has changed the board.'));
  page = shown;
  others.addEventListener('message', ({ data }) => void shown.follow().then(() => shown.tell(String(data))));
  // Whoever was not in view may have missed what it was told.
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') void shown.follow();
  });
  await shown.show();
}

start().catch((error: unknown) => {
  storage.giveUp();
  report(error);
});
