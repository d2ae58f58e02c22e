import { CorruptError } from '../core/errors.ts';
import { decodeFrame, frameSize, type Frame } from './frame.ts';
import type { SnapshotMark } from './medium.ts';
import { decodeMark } from './snapshot-mark.ts';

/** Where a record stands in the bytes of a log. */
export interface Extent {
  readonly number: number;
  readonly start: number;
  readonly end: number;
}

/** A place in a log where a frame ends, and what was before it. */
export interface LogPlace {
  /** In bytes, from the beginning of the log. */
  readonly offset: number;
  /** The number of the first mark. */
  readonly base: number;
  /** The number of the last record, whether it stands in the log or is in the snapshot. */
  readonly last: number;
}

/** Frames of a log, told apart. */
export interface SplitFrames {
  readonly marks: readonly SnapshotMark[];
  /** Numbered without a gap. */
  readonly records: readonly Extent[];
  /** The number of the last record, whether it stands here or is in the snapshot. */
  readonly last: number;
  /** Where the last whole frame ends. */
  readonly length: number;
  /** Whether something follows it that an append left which was not carried to its end. */
  readonly isTorn: boolean;
}

/** All of a log, told apart. */
export interface SplitLog extends SplitFrames {
  /** At least one: a log begins with the mark of a snapshot. */
  readonly marks: readonly [SnapshotMark, ...SnapshotMark[]];
}

/**
 * Tells the frames of a log apart that lies in one file, back to back. A log gets its name with the first mark in it, and
 * grows at its end: so its end alone can be torn, and whatever else is not as it was written is damage.
 *
 * @param name what messages call the log
 * @throws CorruptError for damage, NewerFormatError for a frame that a newer version wrote
 */
export function splitLog(bytes: Uint8Array, name: string): SplitLog {
  const first = readFrame(bytes, 0, `the mark at byte 0 of ${name}`);
  if (first === null) throw new CorruptError(`Cannot read ${name}: it does not begin with the mark of a snapshot`);
  const mark = decodeMark(first.frame, `the mark at byte 0 of ${name}`);
  const frames = splitFrames(bytes, name, { offset: 0, base: mark.number, last: mark.number }, first.end);
  return { ...frames, marks: [mark, ...frames.marks] };
}

/**
 * The same for the bytes of a log from a place on.
 *
 * @param start where the frames begin in these bytes
 */
export function splitFrames(bytes: Uint8Array, name: string, from: LogPlace, start = 0): SplitFrames {
  const marks: SnapshotMark[] = [];
  const records: Extent[] = [];
  let { last } = from;
  while (start < bytes.length) {
    const subject = `record ${String(last + 1)} at byte ${String(from.offset + start)} of ${name}`;
    const next = readFrame(bytes, start, subject);
    if (next === null) {
      const after = start + (frameSize(bytes, start) ?? 1);
      if (hasFrameAfter(bytes, after, last, from.base)) {
        throw new CorruptError(`Cannot read ${subject}: it is damaged, and others follow it`);
      }
      return { marks, records, last, length: start, isTorn: true };
    }
    const { frame, end } = next;
    if (frame.kind === 'mark') marks.push(decodeMark(frame, subject));
    else if (frame.number === last + 1) records.push({ number: ++last, start, end });
    else throw new CorruptError(`Cannot read ${subject}: it is record ${String(frame.number)}`);
    start = end;
  }
  return { marks, records, last, length: start, isTorn: false };
}

/** The frame that stands there, or null when it is not whole. */
function readFrame(bytes: Uint8Array, start: number, subject: string): { frame: Frame; end: number } | null {
  const size = frameSize(bytes, start);
  if (size === null) return null;
  const end = start + size;
  try {
    return { frame: decodeFrame(bytes.subarray(start, Math.min(end, bytes.length)), subject), end };
  } catch (error) {
    // Its header is whole: what cannot be read for another reason than its checksum or its length was written so.
    if (!(error instanceof CorruptError) || kindAt(bytes, start) > MARK) throw error;
    return null;
  }
}

/**
 * Whether there is the header of a frame that was appended to this log later. Lower numbers are of an earlier log: file
 * systems may show what stood on the same blocks before.
 */
function hasFrameAfter(bytes: Uint8Array, from: number, lastRecord: number, firstMark: number): boolean {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let start = bytes.indexOf(FIRST_BYTE, from); start !== -1; start = bytes.indexOf(FIRST_BYTE, start + 1)) {
    if (frameSize(bytes, start) === null) continue;
    const number = view.getFloat64(start + NUMBER_OFFSET, true);
    if (number > (kindAt(bytes, start) === MARK ? firstMark : lastRecord)) return true;
  }
  return false;
}

function kindAt(bytes: Uint8Array, start: number): number {
  return bytes[start + KIND_OFFSET] ?? 0;
}

const FIRST_BYTE = 'b'.charCodeAt(0);
const KIND_OFFSET = 5;
const MARK = 1;
const NUMBER_OFFSET = 16;
