import type { StoreStats } from 'boardlite';
import { fillTable, find, make } from './elements.ts';
import { readSiteStorage, type SiteStorage } from './site-storage.ts';
import { count, failureInWords, size, time } from './words.ts';

const DURABILITY: Readonly<Record<StoreStats['durability'], string>> = {
  none: 'In this tab only: the board is gone when the tab closes.',
  relaxed:
    'Kept by this browser: survives reloads, closed tabs and a crash of the browser; a power cut may take the last writes.',
  strict: 'Kept by this browser: survives reloads, closed tabs, a crash of the browser and a power cut.',
};

/** Says what is durable, and what `stats()` reports. */
export class StorageLine {
  /** Why the board is kept in this tab only; null while the browser keeps it. */
  trouble: unknown = null;
  readonly #durability = find(HTMLElement, 'durability');
  readonly #figures = find(HTMLElement, 'figures');
  readonly #persistence = find(HTMLElement, 'persistence');
  readonly #persist = find(HTMLButtonElement, 'persist');
  readonly #checkpoint = find(HTMLButtonElement, 'checkpoint');
  readonly #operations = find(HTMLTableElement, 'operations');
  readonly #news = find(HTMLElement, 'storage-news');

  constructor() {
    this.#persist.addEventListener('click', () => void this.#askToPersist());
  }

  onCheckpoint(checkpoint: () => void): void {
    this.#checkpoint.addEventListener('click', checkpoint);
  }

  /** Says what was done. */
  tell(news: string): void {
    this.#news.textContent = news;
  }

  giveUp(): void {
    this.#durability.textContent = 'The board could not be opened.';
  }

  show(stats: StoreStats, site: SiteStorage | null): void {
    const durability = this.trouble === null ? stats.durability : 'none';
    const reason = this.trouble === null ? [] : [' ', ...failureInWords(this.trouble)];
    this.#durability.replaceChildren(DURABILITY[durability], ...reason);
    this.#checkpoint.hidden = durability === 'none';
    this.#showPersistence(site);
    this.#showFigures({ ...stats, durability }, site);
    const operations = Object.entries(stats.operations).map(
      ([name, { count: calls, errors, p50, p99 }]) => [name, calls, errors, p50.toFixed(2), p99.toFixed(2)] as const,
    );
    fillTable(this.#operations, ['Method', 'Calls', 'Errors', 'p50, ms', 'p99, ms'], operations);
  }

  #showFigures({ durability, log, lastCheckpoint, bytes, ...stats }: StoreStats, site: SiteStorage | null): void {
    const figures: readonly (readonly [name: string, value: string | Node])[] = [
      ['Durability', durability],
      ['Log', log === null ? 'none' : `${count(log.records, 'record')}, ${size(log.bytes)}`],
      ['Last checkpoint', lastCheckpoint === null ? 'none by this tab' : time(lastCheckpoint)],
      ['Sequence', String(stats.sequence)],
      ['Artifacts', String(stats.artifacts)],
      ['Consumptions', String(stats.consumptions)],
      ['Board', bytes === null ? 'unknown' : size(bytes)],
      ['Used by this site', site === null ? 'unknown' : `${size(site.usage)} of ${size(site.quota)}`],
      ['Epoch', make('code', {}, stats.epoch)],
    ];
    this.#figures.replaceChildren(
      ...figures.map(([name, value]) => make('div', {}, make('dt', {}, name), make('dd', {}, value))),
    );
  }

  #showPersistence(site: SiteStorage | null): void {
    this.#persist.hidden = site === null || site.isPersistent;
    const may = site?.isPersistent === true ? 'has promised to keep' : 'may delete';
    this.#persistence.textContent = site === null ? '' : `When the disk is full, the browser ${may} it.`;
  }

  async #askToPersist(): Promise<void> {
    const isGranted = await navigator.storage.persist();
    this.#showPersistence(await readSiteStorage());
    this.tell(isGranted ? 'The browser has promised to keep it.' : 'The browser has refused to promise that.');
  }
}
