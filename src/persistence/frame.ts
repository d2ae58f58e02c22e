import { CorruptError, NewerFormatError } from '../core/errors.ts';
import { checksumOf } from './checksum.ts';

/**
 * One entry of a log, the same on every medium:
 *
 *     0  magic "bdlg"          4  format version, u8    5  kind, u8    6  zero, u16
 *     8  size of the body, u32                         12  checksum of the record before, u32
 *    16  number, f64                                   24  sequence, f64
 *    32  CRC-32 of the bytes 0 to 31                   36  CRC-32 of the bytes 0 to 31 and the body
 *    40  body
 *
 * All numbers are little-endian. A record is chained to the one before by that one's last checksum, so that a record from
 * another history is refused although it is whole.
 */
export interface Frame {
  readonly kind: FrameKind;
  readonly number: number;
  readonly sequence: number;
  /** Of a record: the checksum of the record, or mark, that it follows. */
  readonly previous: number;
  /** The frame's own checksum. */
  readonly checksum: number;
  readonly body: Uint8Array;
}

/** A record holds accepted writes; a mark says which snapshot the records after it follow. */
export type FrameKind = 'record' | 'mark';

export const HEADER_SIZE = 40;
const MAGIC = 0x676c6462;
const FORMAT_VERSION = 1;
const KINDS: readonly FrameKind[] = ['record', 'mark'];

/** The bytes of a frame, and the checksum they got. */
export function encodeFrame(frame: Omit<Frame, 'checksum'>): { readonly bytes: Uint8Array; readonly checksum: number } {
  const bytes = new Uint8Array(HEADER_SIZE + frame.body.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, MAGIC, true);
  view.setUint8(4, FORMAT_VERSION);
  view.setUint8(5, KINDS.indexOf(frame.kind));
  view.setUint32(8, frame.body.length, true);
  view.setUint32(12, frame.previous, true);
  view.setFloat64(16, frame.number, true);
  view.setFloat64(24, frame.sequence, true);
  const headerChecksum = checksumOf(bytes.subarray(0, 32));
  view.setUint32(32, headerChecksum, true);
  // Not over the header's checksum as well: a CRC of bytes and of their CRC is the same whatever the bytes are.
  const checksum = checksumOf(frame.body, headerChecksum);
  view.setUint32(36, checksum, true);
  bytes.set(frame.body, HEADER_SIZE);
  return { bytes, checksum };
}

/**
 * The frame that stands alone in the bytes.
 *
 * @param subject what it is, for the messages: `record 7`
 * @throws CorruptError when a bit of it is not as it was written, NewerFormatError when a newer version wrote it
 */
export function decodeFrame(bytes: Uint8Array, subject: string): Frame {
  const size = frameSize(bytes);
  if (size === null) throw new CorruptError(`Cannot read ${subject}: its header is damaged`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const version = view.getUint8(4);
  if (version > FORMAT_VERSION) {
    throw new NewerFormatError(
      `Cannot read ${subject}: it has version ${version} of the log's format, and this library knows versions up to ${FORMAT_VERSION}`,
    );
  }
  const kind = KINDS[view.getUint8(5)];
  if (kind === undefined) throw new CorruptError(`Cannot read ${subject}: it is of unknown kind ${view.getUint8(5)}`);
  if (size !== bytes.length) {
    throw new CorruptError(`Cannot read ${subject}: it has ${bytes.length} bytes and should have ${size}`);
  }
  const body = bytes.subarray(HEADER_SIZE);
  const checksum = view.getUint32(36, true);
  if (checksumOf(body, view.getUint32(32, true)) !== checksum) {
    throw new CorruptError(`Cannot read ${subject}: its checksum does not fit`);
  }
  return {
    kind,
    number: view.getFloat64(16, true),
    sequence: view.getFloat64(24, true),
    previous: view.getUint32(12, true),
    checksum,
    body,
  };
}

/** How many bytes the frame has that begins here; null when no whole header does. */
export function frameSize(bytes: Uint8Array, start = 0): number | null {
  if (start + HEADER_SIZE > bytes.length) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset + start, HEADER_SIZE);
  if (view.getUint32(0, true) !== MAGIC) return null;
  if (checksumOf(bytes.subarray(start, start + 32)) !== view.getUint32(32, true)) return null;
  return HEADER_SIZE + view.getUint32(8, true);
}
