import { InvalidArgumentError } from '../core/errors.ts';
import { quote, tagOf } from '../core/text.ts';
import { unlessAborted } from '../core/unless-aborted.ts';
import { ACTION } from './format.ts';

/** Text or UTF-8: whole, or in pieces that are cut anywhere. */
export type Pieces =
  | string
  | Uint8Array
  | AsyncIterable<string | Uint8Array>
  | Iterable<string | Uint8Array>
  | ReadableStream<string | Uint8Array>;

type Piece = string | Uint8Array;

/**
 * The pieces of what a function opens. The source is let go when nobody reads on, and an abort ends every wait for it at once,
 * that for a source which never answers included.
 */
export async function* readPieces(
  open: () => Pieces | Promise<Pieces>,
  signal: AbortSignal | undefined,
): AsyncGenerator<Piece, void> {
  const source = new Source(open);
  try {
    for (;;) {
      signal?.throwIfAborted();
      const piece = await unlessAborted(source.next(), signal);
      if (piece === null) return;
      if (!isPiece(piece)) throw refusal('the source must give text or bytes', piece);
      yield piece;
    }
  } finally {
    await unlessAborted(source.letGo(), signal);
  }
}

/** What iterators and the readers of streams have in common. */
interface Reader {
  readonly next: () => IteratorResult<Piece, unknown> | Promise<IteratorResult<Piece, unknown>>;
  readonly letGo: () => unknown;
}

class Source {
  readonly #reader: Promise<Reader>;
  /** One that ended or failed has let go by itself. */
  #isOver = false;

  constructor(open: () => Pieces | Promise<Pieces>) {
    this.#reader = openReader(open);
  }

  /** Null after the last one. */
  async next(): Promise<Piece | null> {
    const reader = await this.#reader;
    try {
      const result = await reader.next();
      if (result.done !== true) return result.value;
    } catch (error) {
      this.#isOver = true;
      throw error;
    }
    this.#isOver = true;
    return null;
  }

  async letGo(): Promise<void> {
    const reader = await this.#reader;
    if (!this.#isOver) await reader.letGo();
  }
}

async function openReader(open: () => Pieces | Promise<Pieces>): Promise<Reader> {
  const pieces: unknown = await open();
  if (isPiece(pieces)) return readerOf([pieces]);
  if (isSeveral(pieces)) return readerOf(pieces);
  throw refusal('the source must be text, bytes, or an iterable or stream of these', pieces);
}

function readerOf(pieces: Exclude<Pieces, Piece>): Reader {
  // Not every browser can iterate its streams yet.
  if ('getReader' in pieces) {
    const reader = pieces.getReader();
    return { next: () => reader.read(), letGo: () => reader.cancel() };
  }
  const iterator = Symbol.asyncIterator in pieces ? pieces[Symbol.asyncIterator]() : pieces[Symbol.iterator]();
  return { next: () => iterator.next(), letGo: () => iterator.return?.() };
}

function isSeveral(value: unknown): value is Exclude<Pieces, Piece> {
  if (typeof value !== 'object' || value === null) return false;
  return 'getReader' in value || Symbol.asyncIterator in value || Symbol.iterator in value;
}

/** By its tag, so that bytes of another realm are bytes. */
function isPiece(value: unknown): value is Piece {
  return typeof value === 'string' || tagOf(value) === '[object Uint8Array]';
}

function refusal(subject: string, value: unknown): InvalidArgumentError {
  return new InvalidArgumentError(`Cannot ${ACTION}: ${subject}, got ${quote(value)}`);
}
