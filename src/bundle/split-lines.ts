type Pieces = AsyncIterable<string | Uint8Array> | Iterable<string | Uint8Array>;

/** A line, without its end; the last one may lack an end. */
export interface Line {
  readonly bytes: Uint8Array;
  readonly isWhole: boolean;
}

const LINE_END = 0x0a;

/** Cuts text or UTF-8, in pieces cut anywhere, into lines; one line is in memory at a time, and one piece. */
export async function* splitLines(pieces: Pieces): AsyncGenerator<Line, void> {
  let parts: Uint8Array[] = [];
  for await (const bytes of toBytes(pieces)) {
    let start = 0;
    for (let end = bytes.indexOf(LINE_END); end !== -1; end = bytes.indexOf(LINE_END, start)) {
      yield { bytes: concat([...parts, bytes.subarray(start, end)]), isWhole: true };
      parts = [];
      start = end + 1;
    }
    // A copy, because whoever made the piece may use its memory again; the slice of a Buffer would be none.
    if (start < bytes.length) parts.push(new Uint8Array(bytes.subarray(start)));
  }
  if (parts.length > 0) yield { bytes: concat(parts), isWhole: false };
}

async function* toBytes(pieces: Pieces): AsyncGenerator<Uint8Array, void> {
  const encoder = new TextEncoder();
  let half = '';
  for await (const piece of pieces) {
    if (typeof piece !== 'string') {
      yield piece;
      continue;
    }
    // A character of two units can be cut in two.
    const text = half + piece;
    half = /[\ud800-\udbff]$/.test(text) ? text.slice(-1) : '';
    yield encoder.encode(half === '' ? text : text.slice(0, -1));
  }
  if (half !== '') yield encoder.encode(half);
}

function concat(parts: readonly Uint8Array[]): Uint8Array {
  const [only] = parts;
  if (parts.length === 1 && only !== undefined) return only;
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let length = 0;
  for (const part of parts) {
    bytes.set(part, length);
    length += part.length;
  }
  return bytes;
}
