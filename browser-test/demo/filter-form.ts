import type { ArtifactFilter, ArtifactSummary } from 'boardlite';
import { find, make } from './elements.ts';

/** The form that narrows the list: it offers what is on the board. */
export class FilterForm {
  readonly #type = find(HTMLSelectElement, 'filter-type');
  readonly #producer = find(HTMLSelectElement, 'filter-producer');
  readonly #tag = find(HTMLSelectElement, 'filter-tag');

  constructor(onChange: () => void) {
    for (const select of [this.#type, this.#producer, this.#tag]) select.addEventListener('change', onChange);
  }

  get filter(): ArtifactFilter {
    return {
      typeNames: this.#type.value || undefined,
      producedBy: this.#producer.value || undefined,
      tags: this.#tag.value || undefined,
    };
  }

  offer({ byType, byProducer, tagCounts }: ArtifactSummary): void {
    offer(this.#type, Object.keys(byType));
    offer(this.#producer, Object.keys(byProducer));
    offer(this.#tag, Object.keys(tagCounts));
  }
}

/** What is chosen stays chosen. A list that somebody has open is left alone while nothing is new. */
function offer(select: HTMLSelectElement, names: readonly string[]): void {
  const wanted = ['', ...names.toSorted()];
  const offered = Array.from(select.options, ({ value }) => value);
  if (wanted.join('\n') === offered.join('\n')) return;
  const { value } = select;
  select.replaceChildren(...wanted.map((name) => make('option', { value: name }, name || 'Any')));
  select.value = value;
}
