import { CorruptError } from '../core/errors.ts';
import { checksumOf } from './checksum.ts';
import { encodeFrame, type Frame } from './frame.ts';
import type { SnapshotMark } from './medium.ts';

/** A mark as a frame, for media that keep it among the records. */
export function encodeMark(mark: SnapshotMark): Uint8Array {
  const { number, sequence, chain: previous, epoch, size, checksum } = mark;
  const body = new TextEncoder().encode(JSON.stringify({ epoch, size, checksum }));
  return encodeFrame({ kind: 'mark', number, sequence, previous, body }).bytes;
}

/** @throws CorruptError when the frame is no mark */
export function decodeMark(frame: Frame, subject: string): SnapshotMark {
  const { number, sequence, previous: chain } = frame;
  const { epoch, size, checksum } = frame.kind === 'mark' ? readBody(frame.body, subject) : {};
  if (typeof epoch !== 'string' || typeof size !== 'number' || typeof checksum !== 'number') {
    throw new CorruptError(`Cannot read ${subject}: it is not the mark of a snapshot`);
  }
  return { epoch, number, sequence, chain, size, checksum };
}

function readBody(body: Uint8Array, subject: string): { epoch?: unknown; size?: unknown; checksum?: unknown } {
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(body));
    return typeof value === 'object' && value !== null ? value : {};
  } catch (cause) {
    throw new CorruptError(`Cannot read ${subject}: it is not JSON`, { cause });
  }
}

/** Whether these are the bytes of the snapshot that the mark speaks of. */
export function isMarked(mark: SnapshotMark, bytes: Uint8Array): boolean {
  return bytes.length === mark.size && checksumOf(bytes) === mark.checksum;
}
