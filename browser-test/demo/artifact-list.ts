import type { ArtifactEnvelope, ArtifactFilter, BlackboardStore, Page } from 'boardlite';
import { ArtifactCard } from './artifact-card.ts';
import { arrange, find } from './elements.ts';

const PAGE = 10;

/** The newest artifacts, and more of them on demand. */
export class ArtifactList {
  readonly #list = find(HTMLOListElement, 'artifacts');
  readonly #more = find(HTMLButtonElement, 'more');
  readonly #onConsume: (id: string) => void;
  #filter: ArtifactFilter = {};
  #shown: readonly ArtifactEnvelope[] = [];
  #cursor: string | null = null;
  #cards: ReadonlyMap<string, ArtifactCard> = new Map();

  constructor(onMore: () => void, onConsume: (id: string) => void) {
    this.#more.addEventListener('click', onMore);
    this.#onConsume = onConsume;
  }

  /** The newest: as many as are shown, or one page when the filter is another. */
  read(board: BlackboardStore, filter: ArtifactFilter): Promise<Page<ArtifactEnvelope>> {
    const isSame = JSON.stringify(filter) === JSON.stringify(this.#filter);
    const limit = isSame ? Math.max(PAGE, this.#shown.length) : PAGE;
    return board.queryArtifacts(filter, { order: 'desc', limit, total: false, embedMeta: true });
  }

  show({ items, nextCursor }: Page<ArtifactEnvelope>, filter: ArtifactFilter): void {
    this.#filter = filter;
    this.#show(items, nextCursor);
  }

  /** Reads and shows the page after the last one. */
  async showMore(board: BlackboardStore): Promise<void> {
    if (this.#cursor === null) return;
    const paging = { order: 'desc', limit: PAGE, cursor: this.#cursor, embedMeta: true } as const;
    const { items, nextCursor } = await board.queryArtifacts(this.#filter, paging);
    this.#show([...this.#shown, ...items], nextCursor);
  }

  #show(envelopes: readonly ArtifactEnvelope[], cursor: string | null): void {
    this.#shown = envelopes;
    this.#cursor = cursor;
    const cards = new Map<string, ArtifactCard>();
    for (const envelope of envelopes) {
      const { artifact } = envelope;
      // One that was replaced has another sequence, and gets a new card.
      const key = `${artifact.id} ${String(artifact.sequence)}`;
      const card = this.#cards.get(key) ?? new ArtifactCard(artifact, () => this.#onConsume(artifact.id));
      card.update(envelope);
      cards.set(key, card);
    }
    this.#cards = cards;
    arrange(
      this.#list,
      [...cards.values()].map(({ element }) => element),
    );
    this.#more.hidden = cursor === null;
  }
}
