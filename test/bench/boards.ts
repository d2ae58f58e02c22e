import type { JsonObject } from 'boardlite';

/** One artifact of a made-up board. */
export interface Entry {
  readonly id: string;
  readonly type: string;
  readonly payload: JsonObject;
  readonly producedBy: string;
  readonly correlationId: string;
  readonly tags: readonly string[];
  readonly createdAt: number;
}

export interface Consumption {
  readonly artifactId: string;
  readonly consumer: string;
  readonly runId: string;
  readonly consumedAt: number;
}

/** What a filtered query asks for. */
export interface Question {
  readonly type: string;
  readonly producedBy?: string;
  readonly tag?: string;
  readonly start: number;
}

const FIRST = Date.UTC(2025, 9, 1);
const STEP = 1000;
const AGENTS = 8;
const TAGS = 50;
const SENTENCES = [
  'The agent read three reports and found two that disagree about the same quarter. ',
  'Revenue was taken from the filing, not from the press release; see "notes" for why. ',
  'Le résumé est prêt — à vérifier avant la publication. ',
  'Step finished without errors, 14 of 14 checks passed, nothing to retry. ',
  'A second opinion was asked for, because the sources are older than a year. ',
];
const TEXT = SENTENCES.join('').repeat(80);

/** Random numbers from 0 to 1 that are the same in every run: https://github.com/bryc/code/blob/master/jshash/PRNGs.md */
function randomFrom(seed: number): () => number {
  let state = Math.imul(seed + 1, 0x9e3779b9);
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A board that resembles real ones: payloads of 200 B to 20 KB, most of them small; 4 to 40 types; three tags each. */
export class BoardData {
  readonly size: number;
  /** The type that is listed: a thousand artifacts have it, or a quarter of a smaller board. */
  readonly listed = 'bench.Type0';
  readonly #types: number;
  readonly #each: number;
  readonly #largest: number;

  /** @param largest the size of the largest payloads, in bytes */
  constructor(size: number, largest = 20_000) {
    this.size = size;
    this.#types = size <= 1000 ? 4 : size <= 10_000 ? 16 : 40;
    this.#each = Math.max(4, size / 1000);
    this.#largest = largest;
  }

  entry(index: number): Entry {
    const random = randomFrom(index);
    const type = index % this.#each === 0 ? 0 : 1 + Math.floor(random() * (this.#types - 1));
    const tags = new Set<string>();
    while (tags.size < 3) tags.add(`tag-${String(Math.floor(random() * TAGS)).padStart(2, '0')}`);
    return {
      id: idOf(index),
      type: `bench.Type${String(type)}`,
      payload: this.#payload(index, random),
      producedBy: agentOf(Math.floor(random() * AGENTS)),
      correlationId: `run-${String(Math.floor(index / 20))}`,
      tags: [...tags].sort(),
      createdAt: FIRST + index * STEP,
    };
  }

  entries(from: number, count: number): Entry[] {
    return Array.from({ length: count }, (_, i) => this.entry(from + i));
  }

  /** Every third artifact was consumed, each by one agent. */
  consumptions(from: number, count: number): Consumption[] {
    return Array.from({ length: count }, (_, i) => from + i)
      .filter((index) => index % 3 === 0)
      .map((index) => ({
        artifactId: idOf(index),
        consumer: agentOf(index % AGENTS),
        runId: `run-${String(Math.floor(index / 20))}`,
        consumedAt: FIRST + index * STEP + 500,
      }));
  }

  /** Ids of artifacts all over the board. */
  ids(seed: number, count: number): string[] {
    const random = randomFrom(seed);
    return Array.from({ length: count }, () => idOf(Math.floor(random() * this.size)));
  }

  /** By type, producer and time. */
  questionByProducer(seed: number): Question {
    return {
      type: this.#typeBy(seed),
      producedBy: agentOf(seed % AGENTS),
      start: FIRST + Math.round(this.size / 3) * STEP,
    };
  }

  /** By tag, type and time. */
  questionByTag(seed: number): Question {
    return {
      type: this.#typeBy(seed),
      tag: `tag-${String(seed % TAGS).padStart(2, '0')}`,
      start: FIRST + Math.round(this.size / 3) * STEP,
    };
  }

  #typeBy(seed: number): string {
    return `bench.Type${String(1 + (seed % (this.#types - 1)))}`;
  }

  #payload(index: number, random: () => number): JsonObject {
    const length = 200 * (this.#largest / 200) ** (random() ** 3);
    const steps = Array.from({ length: 3 }, (_, n) => ({
      step: n,
      ms: Math.round(random() * 1000),
      ok: random() > 0.1,
    }));
    const start = Math.floor(random() * 5000);
    const text = TEXT.slice(start, start + Math.max(20, length - 150));
    const payload = { title: `Result ${String(index)}`, score: Math.round(random() * 1000) / 1000, steps, text };
    // Parsed, so that its texts are their own and not pieces of one.
    return JSON.parse(JSON.stringify(payload)) as typeof payload;
  }
}

export const agentOf = (n: number) => `agent-${String(n)}`;

/** In the order of the index, as UUIDs of version 7 are. */
function idOf(index: number): string {
  const time = (FIRST + index * STEP).toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-7000-8000-${index.toString(16).padStart(12, '0')}`;
}
