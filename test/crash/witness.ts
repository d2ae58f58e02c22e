import {
  applyCall,
  EMPTY_BOARD,
  NOT_FOUND,
  textOfBoard,
  type Answer,
  type BoardState,
  type Request,
  type Sighting,
} from './board-state.ts';
import { explain, type Call } from './explain.ts';

/** A board as it was read, and under which epoch. */
export interface Reading {
  readonly board: BoardState;
  readonly epoch: string;
}

/** Remembers what was asked of a board and what was answered, and judges what is found after a crash. */
export class Witness {
  /** Whether the power was cut since the board was last found. */
  isCut = false;
  readonly #isStrict: boolean;
  #before = EMPTY_BOARD;
  /** The calls of each store. */
  #stores: Call[][] = [];
  #events = 0;
  #calls = 0;
  /** What each number of an epoch means. */
  readonly #meanings = new Map<string, string>();

  constructor(isStrict: boolean) {
    this.#isStrict = isStrict;
  }

  /** The calls of one more store, to be filled. */
  store(): Call[] {
    const calls: Call[] = [];
    this.#stores.push(calls);
    return calls;
  }

  begins(store: Call[], request: Request): Call {
    const call: Call = {
      number: ++this.#calls,
      request,
      began: ++this.#events,
      ended: null,
      answer: null,
      isRefused: false,
      isFlushed: false,
      isLeft: false,
    };
    store.push(call);
    return call;
  }

  answered(call: Call, answer: Answer): void {
    call.ended = ++this.#events;
    call.answer = answer;
    call.isFlushed = this.#isStrict && call.request.kind !== 'look' && answer !== NOT_FOUND;
  }

  /**
   * @param outcome what may come of it: `nothing` when the store could find that out, `something` in its turn, or `later` when
   *   others may carry it out whatever its store did meanwhile
   */
  refused(store: Call[], call: Call, outcome: 'nothing' | 'something' | 'later'): void {
    call.ended = ++this.#events;
    call.isRefused = true;
    if (outcome === 'something') return;
    store.splice(store.indexOf(call), 1);
    if (outcome === 'later') this.#stores.push([call]);
  }

  /** @throws Error when a number of the epoch was something else before */
  saw(epoch: string, sightings: Iterable<Sighting>): void {
    for (const { id, call, sequence } of sightings) {
      const place = `sequence ${String(sequence)} of epoch ${epoch}`;
      const meaning = `artifact ${String(id)} by #${String(call)}`;
      const earlier = this.#meanings.get(place) ?? meaning;
      this.#meanings.set(place, earlier);
      if (earlier !== meaning) throw new Error(`${place} was ${earlier}, and is ${meaning} now`);
    }
  }

  /** What was answered by now, to anybody or by one store, is being flushed. Returns what to call when that has ended well. */
  flushing(store: readonly Call[] = this.#stores.flat()): () => void {
    const before = store.filter(({ answer }) => answer !== null);
    return () => {
      for (const call of before) call.isFlushed = true;
    };
  }

  /** One who knows the same, and does not learn what comes. */
  fork(): Witness {
    const fork = new Witness(this.#isStrict);
    fork.isCut = this.isCut;
    fork.#before = this.#before;
    fork.#stores = this.#stores.map((calls) => calls.map((call) => ({ ...call })));
    fork.#events = this.#events;
    fork.#calls = this.#calls;
    for (const [place, meaning] of this.#meanings) fork.#meanings.set(place, meaning);
    return fork;
  }

  /**
   * Judges the board that was found, and takes it for granted from then on.
   *
   * @param mayCome whether what pages left may still be carried out
   * @throws Error that says what was promised and not kept
   */
  found({ board, epoch }: Reading, mayCome: boolean): void {
    const isPromised = ({ isFlushed, answer, isLeft }: Call) =>
      this.isCut ? isFlushed : answer !== null || (isLeft && !mayCome);
    const order = explain(this.#before, this.#stores, board, isPromised);
    if (order === null) throw new Error(this.#accusation(board));
    this.saw(epoch, board.artifacts.values());
    const isWaiting = (call: Call) => call.isLeft && !order.includes(call);
    const waiting = mayCome ? this.#stores.map((calls) => calls.filter(isWaiting)) : [];
    // The stores that were opened meanwhile, for the board to be found, have yet to write.
    this.#stores = [this.#take(order), ...waiting, ...this.#stores.filter((calls) => calls.length === 0)];
    this.isCut = false;
  }

  /** Takes for granted what no power cut can undo, and returns the rest, as calls that were answered. */
  #take(order: readonly Call[]): Call[] {
    const flushed = order.findLastIndex(({ isFlushed }) => isFlushed) + 1;
    for (const { request, number } of order.slice(0, flushed)) {
      this.#before = applyCall(this.#before, request, number).board;
    }
    let board = this.#before;
    return order.slice(flushed).map((call) => {
      const next = applyCall(board, call.request, call.number);
      board = next.board;
      return { ...call, answer: next.answer, isRefused: false, began: ++this.#events, ended: ++this.#events };
    });
  }

  #accusation(board: BoardState): string {
    const stores = this.#stores.map((calls) => calls.map(textOfCall).join('\n  '));
    return (
      `Nothing explains what was found after a ${this.isCut ? 'power cut' : 'crash'}:\n  ${textOfBoard(board)}\n` +
      `on a board that was:\n  ${textOfBoard(this.#before)}\n` +
      `and was then asked by its stores:\n  ${stores.join('\nand:\n  ')}`
    );
  }
}

function textOfCall({ number, request, answer, began, ended, isRefused, isFlushed, isLeft }: Call): string {
  const outcome = answer === null ? (isRefused ? 'refused' : 'no answer') : JSON.stringify(answer);
  const notes = `${isFlushed ? ', flushed' : ''}${isLeft ? ', left to others' : ''}`;
  return `#${String(number)} ${JSON.stringify(request)} from ${String(began)} to ${String(ended ?? '?')}: ${outcome}${notes}`;
}
