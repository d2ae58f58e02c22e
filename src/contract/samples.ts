import type { AgentSnapshot, ConsumptionDraft, NamedDraft } from '../core/artifact.ts';

/** 2025-01-01T09:00:00.000Z */
export const MORNING = Date.UTC(2025, 0, 1, 9);

export function at(ms: number): Date {
  return new Date(MORNING + ms);
}

/** A UUID that ends in the number, so that ids have the order of their numbers. */
export function idOf(n: number): string {
  return `00000000-0000-4000-8000-${n.toString(16).padStart(12, '0')}`;
}

/** The numbers of ids made by {@link idOf}: what most cases compare. */
export function numbers(artifacts: readonly { readonly id: string }[]): number[] {
  return artifacts.map(({ id }) => Number.parseInt(id.slice(-12), 16));
}

export function note(fields: Partial<NamedDraft> = {}): NamedDraft {
  return { type: 'Note', payload: { text: 'hello' }, producedBy: 'scribe', ...fields };
}

/** A note whose id and creation time follow its number. */
export function entry(n: number, fields: Partial<NamedDraft> = {}): NamedDraft {
  return note({ id: idOf(n), createdAt: at(n), ...fields });
}

/** That the reader consumed the artifact with this number. */
export function consumption(n: number, fields: Partial<ConsumptionDraft> = {}): ConsumptionDraft {
  return { artifactId: idOf(n), consumer: 'reader', consumedAt: at(0), ...fields };
}

export function agent(agentName: string, fields: Partial<AgentSnapshot> = {}): AgentSnapshot {
  return {
    agentName,
    description: 'reads',
    subscriptions: ['Note'],
    outputTypes: [],
    labels: [],
    firstSeen: at(0),
    lastSeen: at(1),
    signature: 's1',
    ...fields,
  };
}

/** A clock that shows these times, one at each look, and then the last one for ever. */
export function clockOf(...times: readonly number[]): () => Date {
  let looks = 0;
  return () => at(times[Math.min(looks++, times.length - 1)] ?? 0);
}

/** An iterable that, like a generator, can be read once only. */
export function once<T>(...items: readonly T[]): Iterable<T> {
  return items.values();
}

/** Texts that break what is built by joining, escaping, cutting or comparing strings carelessly. */
export const HOSTILE_TEXTS: readonly string[] = [
  '',
  ' ',
  '__proto__',
  'constructor',
  '%',
  '_',
  '100%_sure',
  "it's",
  '"quoted"',
  'a\\b',
  'semi; DROP TABLE artifacts; --',
  'nul\u0000inside',
  '\u0000',
  'line\nbreak\r\n\u2028',
  '\ufeffmark',
  'café',
  'cafe\u0301',
  'İıſ',
  '👩‍👩‍👧 family',
  '\u{1d11e}',
  '\uff5e',
  'null',
  '0',
];
