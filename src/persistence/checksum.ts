import CRC32 from 'crc-32';

/** CRC-32 (IEEE), as an unsigned number; `seed` continues an earlier checksum. */
export function checksumOf(bytes: Uint8Array, seed = 0): number {
  return CRC32.buf(bytes, seed) >>> 0;
}
