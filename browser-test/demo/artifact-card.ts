import type { Artifact, ArtifactEnvelope, ConsumptionRecord } from 'boardlite';
import { make } from './elements.ts';
import { time } from './words.ts';

/** One artifact in the list. */
export class ArtifactCard {
  readonly element: HTMLLIElement;
  readonly #consumers = make('p', { className: 'consumers' });

  constructor(artifact: Artifact, onConsume: () => void) {
    const button = make('button', { type: 'button', onclick: onConsume }, 'Consume');
    button.setAttribute('aria-label', `Consume ${artifact.type}, sequence ${String(artifact.sequence)}`);
    const title = make('h3', {}, artifact.type, ' ', make('small', {}, `sequence ${String(artifact.sequence)}`));
    const origin = make('p', { className: 'origin' }, 'by ', make('b', {}, artifact.producedBy), ', ');
    origin.append(time(artifact.createdAt));
    const tags = artifact.tags.map((tag) => make('li', {}, tag));
    this.element = make('li', {}, title, origin, payloadOf(artifact));
    if (tags.length > 0) {
      const list = make('ul', { className: 'tags', role: 'list', ariaLabel: 'Tags' }, ...tags);
      this.element.append(list);
    }
    this.element.append(make('div', { className: 'actions' }, this.#consumers, button));
  }

  update({ consumptions }: ArtifactEnvelope): void {
    this.#consumers.textContent = consumptions.length > 0 ? `Consumed by ${consumersOf(consumptions)}` : 'Not consumed';
  }
}

function payloadOf({ payload }: Artifact): HTMLElement {
  const list = make('dl', { className: 'payload' });
  for (const [name, value] of Object.entries(payload)) {
    list.append(make('dt', {}, name), make('dd', {}, typeof value === 'string' ? value : JSON.stringify(value)));
  }
  return list;
}

/** `critic, reader (2 times)` */
function consumersOf(consumptions: readonly ConsumptionRecord[]): string {
  const times = new Map<string, number>();
  for (const { consumer } of consumptions) times.set(consumer, (times.get(consumer) ?? 0) + 1);
  return [...times].map(([name, often]) => (often === 1 ? name : `${name} (${String(often)} times)`)).join(', ');
}
