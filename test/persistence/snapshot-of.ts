import { checksumOf } from '../../src/persistence/checksum.ts';
import type { Snapshot } from '../../src/persistence/medium.ts';

const EPOCH = '0197a000-0000-7000-8000-000000000000';

/** Any bytes as a snapshot of a board without records. */
export function snapshotOf(bytes: Uint8Array): Snapshot {
  const mark = { epoch: EPOCH, number: 0, sequence: 0, chain: 0, size: bytes.length, checksum: checksumOf(bytes) };
  return { mark, bytes };
}
