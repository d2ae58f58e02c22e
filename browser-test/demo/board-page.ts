import type { SqliteStore } from 'boardlite/sqlite';
import { ArtifactList } from './artifact-list.ts';
import { DraftForm } from './draft-form.ts';
import { fillTable, find } from './elements.ts';
import { FilterForm } from './filter-form.ts';
import { readSiteStorage } from './site-storage.ts';
import type { StorageLine } from './storage-line.ts';
import { count, failureInWords } from './words.ts';

/** The page with an open board: shows it, and carries out what is asked for. */
export class BoardPage {
  readonly #board: SqliteStore;
  readonly #storage: StorageLine;
  readonly #onWrite: () => void;
  readonly #filter: FilterForm;
  readonly #list: ArtifactList;
  readonly #consumer = find(HTMLInputElement, 'consumer');
  readonly #total = find(HTMLElement, 'total');
  readonly #news = find(HTMLElement, 'list-news');
  readonly #byType = find(HTMLTableElement, 'by-type');
  readonly #byProducer = find(HTMLTableElement, 'by-producer');
  #turn: Promise<void> = Promise.resolve();
  #isToShow = false;

  /** @param onWrite called when this page has changed the board */
  constructor(board: SqliteStore, storage: StorageLine, onWrite: () => void) {
    this.#board = board;
    this.#storage = storage;
    this.#onWrite = onWrite;
    this.#filter = new FilterForm(() => void this.show());
    this.#list = new ArtifactList(
      () => void this.#inTurn(() => this.#list.showMore(board)),
      (id) => void this.#consume(id).catch(report),
    );
    new DraftForm((draft) => this.#write(() => board.publish(draft)));
    storage.onCheckpoint(() => void this.#checkpoint().catch(report));
    document.querySelectorAll('fieldset').forEach((fieldset) => (fieldset.disabled = false));
  }

  /** Shows the board as it is now. */
  show(): Promise<void> {
    if (this.#isToShow) return this.#turn;
    this.#isToShow = true;
    return this.#inTurn(async () => {
      this.#isToShow = false;
      const { filter } = this.#filter;
      // Called together, they see the board at one instant.
      const [all, some, stats, newest, site] = await Promise.all([
        this.#board.summarizeArtifacts(),
        this.#board.summarizeArtifacts(filter),
        this.#board.stats(),
        this.#list.read(this.#board, filter),
        readSiteStorage(),
      ]);
      this.#list.show(newest, filter);
      this.#filter.offer(all);
      this.#total.textContent = totalInWords(some.total, all.total);
      fillTable(this.#byType, ['Type', 'Artifacts'], Object.entries(some.byType));
      fillTable(this.#byProducer, ['Producer', 'Artifacts'], Object.entries(some.byProducer));
      this.#storage.show(stats, site);
    });
  }

  /** Shows what other tabs have written by now. */
  async follow(): Promise<void> {
    await this.#inTurn(() => this.#board.refresh());
    await this.show();
  }

  /** Says what has happened. */
  tell(news: string): void {
    this.#news.textContent = news;
  }

  async #consume(artifactId: string): Promise<void> {
    if (!this.#consumer.reportValidity()) return;
    const consumer = this.#consumer.value.trim();
    await this.#write(() => this.#board.recordConsumptions([{ artifactId, consumer }]));
    this.tell(`Consumed by ${consumer}.`);
  }

  async #checkpoint(): Promise<void> {
    await this.#write(() => this.#board.checkpoint());
    this.#storage.tell('Saved.');
  }

  /** Changes the board, and shows what came of it, good or bad. */
  async #write<Result>(change: () => Promise<Result>): Promise<Result> {
    report(null);
    this.tell('');
    this.#storage.tell('');
    try {
      const result = await change();
      this.#onWrite();
      return result;
    } finally {
      await this.show();
    }
  }

  /** One step after the other: a page of the list goes on where the last one that is shown ended. */
  #inTurn(step: () => Promise<void>): Promise<void> {
    this.#turn = this.#turn.then(step).catch(report);
    return this.#turn;
  }
}

/** Shows what has failed; null takes it away. */
export function report(error: unknown): void {
  find(HTMLElement, 'failure').replaceChildren(...(error === null ? [] : failureInWords(error)));
}

function totalInWords(some: number, all: number): string {
  if (all === 0) return 'Nothing is on the board yet.';
  return some === all ? `${count(all, 'artifact')}.` : `${String(some)} of ${count(all, 'artifact')}.`;
}
