/** What a history asks of a store. Artifacts have small numbers for ids, and were created in their order. */
export type Request =
  | { readonly kind: 'publish'; readonly ids: readonly number[] }
  | { readonly kind: 'consume'; readonly ids: readonly number[]; readonly run: number }
  | { readonly kind: 'delete'; readonly before: number }
  | { readonly kind: 'agent'; readonly name: string }
  | { readonly kind: 'clear' }
  /** Fresh when the store first reads what others have written. */
  | { readonly kind: 'look'; readonly isFresh: boolean };

/** What is answered: sequences, a count, which artifacts there are, that it is done, or that an artifact is unknown. */
export type Answer = readonly number[] | number | string;

/** The answer to a call that names an unknown artifact, and has written nothing. */
export const NOT_FOUND = 'not found';

/** An artifact as a reader sees it: which call put it there, under which sequence. */
export interface Sighting {
  readonly id: number;
  readonly call: number;
  readonly sequence: number;
}

/** A whole board as far as histories go. */
export interface BoardState {
  readonly sequence: number;
  /** By id. */
  readonly artifacts: ReadonlyMap<number, Sighting>;
  /** `id/run` of each. */
  readonly consumptions: ReadonlySet<string>;
  /** The call that kept each agent, by name. */
  readonly agents: ReadonlyMap<string, number>;
}

export const EMPTY_BOARD: BoardState = {
  sequence: 0,
  artifacts: new Map(),
  consumptions: new Set(),
  agents: new Map(),
};

export const consumptionKey = (id: number, run: number) => `${String(id)}/${String(run)}`;

/** What the board is after a call, the same object when it comes to nothing, and what the call is answered. */
export function applyCall(
  board: BoardState,
  request: Request,
  call: number,
): { readonly board: BoardState; readonly answer: Answer } {
  switch (request.kind) {
    case 'publish': {
      const sightings = request.ids.map((id, i) => ({ id, call, sequence: board.sequence + i + 1 }));
      const artifacts = new Map([...board.artifacts, ...sightings.map((each) => [each.id, each] as const)]);
      const sequence = board.sequence + sightings.length;
      return { board: { ...board, sequence, artifacts }, answer: sightings.map((each) => each.sequence) };
    }
    case 'consume': {
      if (request.ids.some((id) => !board.artifacts.has(id))) return { board, answer: NOT_FOUND };
      const consumptions = new Set([
        ...board.consumptions,
        ...request.ids.map((id) => consumptionKey(id, request.run)),
      ]);
      const count = consumptions.size - board.consumptions.size;
      const sequence = board.sequence + count;
      return { board: count === 0 ? board : { ...board, sequence, consumptions }, answer: 'done' };
    }
    case 'delete': {
      const artifacts = new Map([...board.artifacts].filter(([id]) => id >= request.before));
      const consumptions = new Set([...board.consumptions].filter((key) => Number.parseInt(key) >= request.before));
      const count = board.artifacts.size - artifacts.size;
      const sequence = board.sequence + count;
      return { board: count === 0 ? board : { ...board, sequence, artifacts, consumptions }, answer: count };
    }
    case 'agent': {
      const agents = new Map([...board.agents, [request.name, call] as const]);
      return { board: { ...board, sequence: board.sequence + 1, agents }, answer: 'done' };
    }
    case 'clear':
      return { board: board.agents.size === 0 ? board : { ...board, agents: new Map() }, answer: 'done' };
    case 'look':
      return { board, answer: textOfSightings(board.artifacts.values()) };
  }
}

export function textOfSightings(sightings: Iterable<Sighting>): string {
  return [...sightings]
    .sort((a, b) => a.id - b.id)
    .map(({ id, call, sequence }) => `${String(id)} by #${String(call)} at ${String(sequence)}`)
    .join(', ');
}

/** The board as text, the same for the same board. */
export function textOfBoard({ sequence, artifacts, consumptions, agents }: BoardState): string {
  const kept = [...agents].sort().map(([name, call]) => `${name} by #${String(call)}`);
  return `sequence ${String(sequence)} [${textOfSightings(artifacts.values())}] [${[...consumptions].sort().join(' ')}] [${kept.join(' ')}]`;
}
