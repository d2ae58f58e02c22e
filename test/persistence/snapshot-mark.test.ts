import { describe, expect, it } from 'vitest';
import { checksumOf } from '../../src/persistence/checksum.ts';
import { decodeFrame, encodeFrame } from '../../src/persistence/frame.ts';
import type { SnapshotMark } from '../../src/persistence/medium.ts';
import { decodeMark, encodeMark, isMarked } from '../../src/persistence/snapshot-mark.ts';
import { codeOf, flip, thrownBy } from './damage.ts';

const bytes = new TextEncoder().encode('the whole board');
const mark: SnapshotMark = {
  epoch: '0197a000-0000-7000-8000-000000000000',
  number: 12,
  sequence: 40,
  chain: 0xfedcba98,
  size: bytes.length,
  checksum: checksumOf(bytes),
};

const read = (encoded: Uint8Array) => decodeMark(decodeFrame(encoded, 'the mark'), 'the mark');

function withBody(body: string): Uint8Array {
  const frame = { kind: 'mark' as const, number: 1, sequence: 1, previous: 1, body: new TextEncoder().encode(body) };
  return encodeFrame(frame).bytes;
}

describe('the mark of a snapshot', () => {
  it('gives back what was put into it', () => {
    expect(read(encodeMark(mark))).toEqual(mark);
    const first = { ...mark, number: 0, sequence: 0, chain: 0, size: 0, checksum: 0 };
    expect(read(encodeMark(first))).toEqual(first);
  });

  it('is refused when any one bit of it is another', () => {
    const encoded = encodeMark(mark);
    const codes = Array.from({ length: encoded.length * 8 }, (_, bit) => codeOf(() => read(flip(encoded, bit))));
    expect(new Set(codes)).toEqual(new Set(['corrupt']));
  });

  it.each([
    ['it is not JSON', withBody('{')],
    ['it is not the mark of a snapshot', withBody('null')],
    ['it is not the mark of a snapshot', withBody('[]')],
    ['it is not the mark of a snapshot', withBody('{"size":1,"checksum":1}')],
    ['it is not the mark of a snapshot', withBody('{"epoch":"e","checksum":1}')],
    ['it is not the mark of a snapshot', withBody('{"epoch":"e","size":1}')],
    [
      'it is not the mark of a snapshot',
      encodeFrame({ ...decodeFrame(encodeMark(mark), 'it'), kind: 'record' as const }).bytes,
    ],
  ])('is refused, because %s', (problem, encoded) => {
    expect(thrownBy(() => read(encoded))).toMatchObject({
      code: 'corrupt',
      message: `Cannot read the mark: ${problem}`,
    });
  });

  it('speaks of its snapshot and of no other bytes', () => {
    expect(isMarked(mark, bytes)).toBe(true);
    for (let bit = 0; bit < bytes.length * 8; bit++) expect(isMarked(mark, flip(bytes, bit))).toBe(false);
    expect(isMarked(mark, bytes.subarray(1))).toBe(false);
    expect(isMarked({ ...mark, size: mark.size + 1 }, bytes)).toBe(false);
  });
});
