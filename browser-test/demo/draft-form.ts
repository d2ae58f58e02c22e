import type { Artifact, TypedDraft } from 'boardlite';
import { find, make } from './elements.ts';
import { SAMPLES } from './types.ts';
import { failureInWords } from './words.ts';

type Publish = (draft: TypedDraft<unknown>) => Promise<Artifact<unknown>>;

/** The form that publishes. A draft that is refused stays in it, with the reason below. */
export class DraftForm {
  readonly #type = find(HTMLSelectElement, 'draft-type');
  readonly #payload = find(HTMLTextAreaElement, 'draft-payload');
  readonly #producer = find(HTMLInputElement, 'draft-producer');
  readonly #tags = find(HTMLInputElement, 'draft-tags');
  readonly #news = find(HTMLElement, 'draft-news');
  readonly #failure = find(HTMLElement, 'draft-failure');

  constructor(publish: Publish) {
    this.#type.append(...SAMPLES.map(({ type }) => make('option', {}, type.name)));
    this.#type.addEventListener('change', () => this.#suggest());
    this.#suggest();
    find(HTMLFormElement, 'draft').addEventListener('submit', (event) => {
      event.preventDefault();
      void this.#submit(publish);
    });
  }

  async #submit(publish: Publish): Promise<void> {
    this.#news.replaceChildren();
    this.#failure.replaceChildren();
    try {
      const { sequence } = await publish(this.#read());
      this.#news.textContent = `Published, sequence ${String(sequence)}.`;
    } catch (error) {
      this.#failure.replaceChildren(...failureInWords(error));
    }
  }

  get #sample() {
    const sample = SAMPLES[this.#type.selectedIndex];
    if (sample === undefined) throw new Error('No type is selected');
    return sample;
  }

  #suggest(): void {
    this.#payload.value = JSON.stringify(this.#sample.payload, null, 2);
  }

  #read(): TypedDraft<unknown> {
    const tags = this.#tags.value.split(/\s+/).filter((tag) => tag !== '');
    return { type: this.#sample.type, payload: this.#readPayload(), producedBy: this.#producer.value.trim(), tags };
  }

  #readPayload(): unknown {
    try {
      return JSON.parse(this.#payload.value);
    } catch (cause) {
      throw new Error(`The payload is not JSON: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
    }
  }
}
