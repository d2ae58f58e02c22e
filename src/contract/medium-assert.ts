import type { OpenMedium, Snapshot, StoredBoard } from '../persistence/medium.ts';
import { ContractFailure, equal } from './assert.ts';

/** @throws ContractFailure when a byte differs, or there are more or fewer */
export function sameBytes(actual: Uint8Array | undefined, expected: Uint8Array, what: string): void {
  if (actual?.length !== expected.length) {
    const length = actual === undefined ? 'none' : `${String(actual.length)} bytes`;
    throw new ContractFailure(`Expected ${what} to be ${String(expected.length)} bytes, got ${length}`);
  }
  const different = actual.findIndex((byte, i) => byte !== expected[i]);
  if (different === -1) return;
  throw new ContractFailure(`Expected ${what} as it was given, but byte ${String(different)} is another`);
}

/** @throws ContractFailure unless the records are these, in this order */
export function sameRecords(actual: readonly Uint8Array[] | null, expected: readonly Uint8Array[]): void {
  equal(actual?.length, expected.length, 'the number of records');
  for (const [i, record] of expected.entries()) sameBytes(actual?.[i], record, `the record at ${String(i)}`);
}

/** @throws ContractFailure unless the medium holds this snapshot, and these records after it, and had nothing to recover */
export async function holds(
  medium: OpenMedium,
  snapshot: Snapshot,
  records: readonly Uint8Array[] = [],
): Promise<StoredBoard> {
  const board = await medium.load();
  if (board === null) throw new ContractFailure('Expected a board, got nothing');
  equal(board.mark, snapshot.mark, 'the mark');
  sameBytes(board.bytes, snapshot.bytes, 'the snapshot');
  sameRecords(board.records, records);
  equal([board.recovered, board.isForeign], [null, false], 'what had to be recovered, and whether it is foreign');
  return board;
}
