import { readFile } from 'node:fs/promises';
import { onTestFinished } from 'vitest';
import { History } from '../../src/contract/medium-samples.ts';
import { fileMedium, type FileMediumOptions } from '../../src/file.ts';
import type { MediumOptions, OpenMedium, Snapshot, StoredBoard } from '../../src/persistence/medium.ts';

/** Opens a board file, to write unless told otherwise, and closes it when the test ends. */
export async function openFile(
  path: string,
  { readOnly = false, ...options }: Partial<MediumOptions> & FileMediumOptions = {},
): Promise<OpenMedium> {
  const { mode, ...opening } = options;
  const medium = await fileMedium(path, { mode }).open({ readOnly, ...opening });
  onTestFinished(() => medium.close());
  return medium;
}

/** Opens a board file and loads it, as whoever wants to save it has to. */
export async function loadFile(path: string): Promise<OpenMedium> {
  const medium = await openFile(path);
  await medium.load();
  return medium;
}

/** A snapshot without records. */
export function snapshotOf(...bytes: readonly number[]): Snapshot {
  return new History().snapshot(new Uint8Array(bytes));
}

export async function bytesIn(path: string): Promise<number[]> {
  return [...(await readFile(path))];
}

/** Appends the next records of a history, and returns them. */
export async function append(medium: OpenMedium, history: History, count = 1, size = 20): Promise<Uint8Array[]> {
  const records: Uint8Array[] = [];
  for (let n = 0; n < count; n++) {
    const record = history.record(size);
    if (!(await medium.append(history.number, record, 'strict')))
      throw new Error(`Record ${history.number} was refused`);
    records.push(record);
  }
  return records;
}

/** What a board holds, as numbers, to be compared. */
export function shown(board: StoredBoard | null): object | null {
  if (board === null) return null;
  const { bytes, mark, records, recovered, isForeign } = board;
  return {
    bytes: [...bytes],
    number: mark?.number ?? null,
    records: records.map((each) => [...each]),
    recovered,
    isForeign,
  };
}
