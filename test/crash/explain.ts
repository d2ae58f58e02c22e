import { applyCall, textOfBoard, type Answer, type BoardState, type Request } from './board-state.ts';

/** A call, and what its caller knows of it. */
export interface Call {
  /** Its number in the history, which the artifacts it published carry. */
  readonly number: number;
  readonly request: Request;
  /** When it began and ended: points of one count of events. */
  readonly began: number;
  ended: number | null;
  /** Null when it has not ended, and when it was refused because something had gone wrong. */
  answer: Answer | null;
  isRefused: boolean;
  /** Whether what it wrote was promised to survive a power cut. */
  isFlushed: boolean;
  /** Whether the page that made it has ended, and left it to be carried out by others. */
  isLeft: boolean;
}

/** So many boards are tried before a history counts as too confusing to judge. */
const PATIENCE = 50_000;

/**
 * Finds an order in which the calls can have been carried out, one after the other, so that each answer is right and the
 * board became what was found. Calls of one store are in the order in which they were made; one that began after another
 * had been answered comes after it; what is missing is an end of the whole, apart from calls that were refused; nothing that
 * was promised is missing. Null when there is no such order.
 */
export function explain(
  before: BoardState,
  stores: readonly (readonly Call[])[],
  found: BoardState,
  isPromised: (call: Call) => boolean,
): readonly Call[] | null {
  const wanted = textOfBoard(found);
  const seen = new Set<string>();
  let tried = 0;

  /** @param lost when the first of those that are missing was answered: what began later is missing as well */
  const search = (
    board: BoardState,
    rests: readonly (readonly Call[])[],
    order: readonly Call[],
    lost: number,
  ): readonly Call[] | null => {
    if (board.sequence > found.sequence) return null;
    const text = textOfBoard(board);
    if (text === wanted && !rests.flat().some(isPromised)) return order;
    const state = `${rests.map((rest) => String(rest.length)).join('/')} ${text} ${String(lost)}`;
    if (seen.has(state)) return null;
    seen.add(state);
    if (++tried > PATIENCE) throw new Error('Too many orders are possible to judge this history');
    const deadline = Math.min(lost, ...rests.flat().map(answeredAt));
    for (const [i, calls] of rests.entries()) {
      const [call, ...rest] = calls;
      if (call === undefined) continue;
      const without = (left: readonly Call[]) => rests.map((each, j) => (j === i ? left : each));
      const early = calls.findIndex(({ isRefused }) => !isRefused);
      const look = early > 0 ? calls[early] : undefined;
      // What came of a call that was refused is found out before the next write: readers may not know it yet.
      if (
        look?.request.kind === 'look' &&
        !isFresh(look) &&
        fits(look, applyCall(board, look.request, look.number).answer, found)
      ) {
        const answer = search(board, without(calls.toSpliced(early, 1)), [...order, look], lost);
        if (answer !== null) return answer;
      }
      const next = applyCall(board, call.request, call.number);
      const isInTime = call.began < deadline || !isFresh(call);
      if (isInTime && fits(call, next.answer, found)) {
        const answer = search(next.board, without(rest), [...order, call], lost);
        if (answer !== null) return answer;
      }
      if (isPromised(call)) continue;
      const answer = search(board, without(call.isRefused ? rest : []), order, Math.min(lost, answeredAt(call)));
      if (answer !== null) return answer;
    }
    return null;
  };
  return search(before, stores, [], Infinity);
}

/** A reader is content with what its store knows, which may be old. */
function isFresh({ request }: Call): boolean {
  return request.kind !== 'look' || request.isFresh;
}

function answeredAt({ answer, ended }: Call): number {
  return answer === null ? Infinity : (ended ?? Infinity);
}

/** Whether the answer would have been this one, and what is on the board got the sequence that it has there. */
function fits({ number, request, answer }: Call, given: Answer, found: BoardState): boolean {
  if (answer !== null && JSON.stringify(answer) !== JSON.stringify(given)) return false;
  if (request.kind !== 'publish' || typeof given !== 'object') return true;
  return request.ids.every((id, i) => {
    const there = found.artifacts.get(id);
    return there?.call !== number || there.sequence === given[i];
  });
}
