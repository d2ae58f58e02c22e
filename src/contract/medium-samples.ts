import { checksumOf } from '../persistence/checksum.ts';
import { encodeFrame } from '../persistence/frame.ts';
import type { OpenMedium, Snapshot } from '../persistence/medium.ts';
import { equal } from './assert.ts';
import type { MediumBench } from './medium-case.ts';

/** So many bytes without a pattern, other ones for each seed. */
export function bytesOf(size: number, seed: number): Uint8Array {
  const bytes = new Uint8Array(size);
  let state = (seed + 1) * 0x9e3779b1;
  for (let i = 0; i < size; i++) {
    state = Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + i;
    bytes[i] = state >>> 24;
  }
  return bytes;
}

/** The same bytes as a part of a larger buffer. */
export function viewOf(bytes: Uint8Array): Uint8Array {
  const larger = bytesOf(bytes.length + 100, 99);
  larger.set(bytes, 37);
  return larger.subarray(37, 37 + bytes.length);
}

/** Records and snapshots as a store makes them: whole frames, chained; marks that are true. */
export class History {
  readonly epoch: string;
  #number = 0;
  #chain: number;

  constructor(epoch = '00000000-0000-4000-8000-0000000000e1') {
    this.epoch = epoch;
    this.#chain = checksumOf(new TextEncoder().encode(epoch));
  }

  /** The number of the last record made. */
  get number(): number {
    return this.#number;
  }

  /** The next record, with a body of that many bytes. */
  record(size = 20): Uint8Array {
    const number = ++this.#number;
    const body = bytesOf(size, number);
    const { bytes, checksum } = encodeFrame({
      kind: 'record',
      number,
      sequence: sequenceOf(number),
      previous: this.#chain,
      body,
    });
    this.#chain = checksum;
    return bytes;
  }

  /** A snapshot that holds the records made so far. */
  snapshot(bytes = bytesOf(3000, this.#number)): Snapshot {
    const number = this.#number;
    const checksum = checksumOf(bytes);
    const sequence = sequenceOf(number);
    return { bytes, mark: { epoch: this.epoch, number, sequence, chain: this.#chain, size: bytes.length, checksum } };
  }

  /** The history of another writer who has read as far as this one. */
  fork(): History {
    const fork = new History(this.epoch);
    fork.#number = this.#number;
    fork.#chain = this.#chain;
    return fork;
  }
}

/** Not the number itself, so that a medium that mixes them up is found. */
function sequenceOf(number: number): number {
  return number * 10;
}

/** Saves a snapshot, and demands that it is taken. */
export async function saveTo(medium: OpenMedium, snapshot: Snapshot): Promise<void> {
  equal(await medium.save(snapshot), true, 'whether the snapshot was saved');
}

/** Appends the history's next record, with a body of that many bytes, demands that it is taken, and returns it. */
export async function appendTo(medium: OpenMedium, history: History, size?: number): Promise<Uint8Array> {
  const record = history.record(size);
  const isAppended = await medium.append(history.number, record, 'relaxed');
  equal(isAppended, true, `whether record ${String(history.number)} was appended`);
  return record;
}

/** A medium with a first snapshot on it, as a new board has one before its first record, and that many records. */
export async function startBoard(bench: MediumBench, records = 0) {
  const medium = await bench.open();
  const history = new History();
  await medium.load();
  const snapshot = history.snapshot();
  await saveTo(medium, snapshot);
  const log: Uint8Array[] = [];
  for (let n = 0; n < records; n++) log.push(await appendTo(medium, history));
  return { medium, history, snapshot, log };
}
