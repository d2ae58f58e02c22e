import { describe, expect, it } from 'vitest';
import { checksumOf } from '../../src/persistence/checksum.ts';
import { decodeFrame, encodeFrame, frameSize, HEADER_SIZE, type Frame } from '../../src/persistence/frame.ts';
import { codeOf, flip, thrownBy } from './damage.ts';

const body = new TextEncoder().encode('{"facts":[]}');
const record: Omit<Frame, 'checksum'> = {
  kind: 'record',
  number: 2 ** 40 + 7,
  sequence: Number.MAX_SAFE_INTEGER,
  previous: 0xfedcba98,
  body,
};

/** A frame whose byte at a place is another, and whose checksums are right all the same. */
function forged(place: number, byte: number): Uint8Array {
  const { bytes } = encodeFrame(record);
  const view = new DataView(bytes.buffer);
  bytes[place] = byte;
  view.setUint32(32, checksumOf(bytes.subarray(0, 32)), true);
  view.setUint32(36, checksumOf(body, checksumOf(bytes.subarray(0, 32))), true);
  return bytes;
}

describe('a frame', () => {
  it.each<[string, Omit<Frame, 'checksum'>]>([
    ['a record', record],
    ['a mark', { ...record, kind: 'mark', number: 0, sequence: 0, previous: 0 }],
    ['nothing', { ...record, body: new Uint8Array() }],
    ['a megabyte', { ...record, body: new Uint8Array(1 << 20).fill(0xa5) }],
  ])('gives back what was put into it: %s', (_, frame) => {
    const { bytes, checksum } = encodeFrame(frame);
    expect(bytes).toHaveLength(HEADER_SIZE + frame.body.length);
    expect(decodeFrame(bytes, 'it')).toEqual({ ...frame, checksum });
  });

  it('has the same checksum for the same, and another one when any part of it is another', () => {
    const checksum = (change: Partial<Frame>) => encodeFrame({ ...record, ...change }).checksum;
    expect(encodeFrame(record)).toEqual(encodeFrame({ ...record, body: body.slice() }));
    const checksums = [
      {},
      { kind: 'mark' as const },
      { number: 1 },
      { sequence: 1 },
      { previous: 1 },
      { body: body.subarray(1) },
    ].map(checksum);
    expect(new Set(checksums).size).toBe(checksums.length);
  });

  it('is read where it lies in a larger buffer', () => {
    const { bytes, checksum } = encodeFrame(record);
    const larger = new Uint8Array(bytes.length + 100).fill(0xff);
    larger.set(bytes, 33);
    expect(decodeFrame(larger.subarray(33, 33 + bytes.length), 'it')).toEqual({ ...record, checksum });
    expect(frameSize(larger, 33)).toBe(bytes.length);
  });

  it('is refused when any one bit of it is another', () => {
    const { bytes } = encodeFrame(record);
    const codes = Array.from({ length: bytes.length * 8 }, (_, bit) =>
      codeOf(() => decodeFrame(flip(bytes, bit), 'it')),
    );
    expect(new Set(codes)).toEqual(new Set(['corrupt']));
  });

  it('is refused when it is cut short anywhere, or goes on', () => {
    const { bytes } = encodeFrame(record);
    const codes = Array.from(bytes, (_, size) => codeOf(() => decodeFrame(bytes.subarray(0, size), 'it')));
    expect(new Set(codes)).toEqual(new Set(['corrupt']));
    const longer = new Uint8Array(bytes.length + 1);
    longer.set(bytes);
    expect(thrownBy(() => decodeFrame(longer, 'it'))).toMatchObject({
      code: 'corrupt',
      message: `Cannot read it: it has ${String(longer.length)} bytes and should have ${String(bytes.length)}`,
    });
  });

  it('is called by its name in the refusal', () => {
    const { bytes } = encodeFrame(record);
    for (const [bit, problem] of [
      [3, 'its header is damaged'],
      [8 * HEADER_SIZE, 'its checksum does not fit'],
    ] as const) {
      const message = `Cannot read record 7: ${problem}`;
      expect(thrownBy(() => decodeFrame(flip(bytes, bit), 'record 7'))).toMatchObject({ message });
    }
  });

  it('of a newer version is refused as that, and of an unknown kind as damaged', () => {
    expect(thrownBy(() => decodeFrame(forged(4, 2), 'it'))).toMatchObject({
      code: 'newer-format',
      message: expect.stringMatching(/version 2 .* versions up to 1$/) as string,
    });
    expect(thrownBy(() => decodeFrame(forged(5, 2), 'it'))).toMatchObject({
      code: 'corrupt',
      message: 'Cannot read it: it is of unknown kind 2',
    });
  });
});

describe('the size of a frame', () => {
  it('is known from its header alone', () => {
    const { bytes } = encodeFrame(record);
    expect(frameSize(bytes.subarray(0, HEADER_SIZE))).toBe(bytes.length);
  });

  it('is not known where no whole header begins', () => {
    const { bytes } = encodeFrame(record);
    expect(frameSize(bytes.subarray(0, HEADER_SIZE - 1))).toBeNull();
    expect(frameSize(bytes, 1)).toBeNull();
    expect(frameSize(bytes, bytes.length - HEADER_SIZE + 1)).toBeNull();
    expect(frameSize(new Uint8Array(HEADER_SIZE))).toBeNull();
  });
});
