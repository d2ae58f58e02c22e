import { decodeFrame, encodeFrame } from '../../src/persistence/frame.ts';
import type { Snapshot } from '../../src/persistence/medium.ts';
import { Disk } from './disk.ts';

class Unfenced extends Disk {
  override append(number: number, bytes: Uint8Array): boolean {
    if (this.snapshot === null) return false;
    const others = this.state.records.filter((record) => record.number < number);
    this.change({ records: [...others, { number, bytes, isFlushed: false }] });
    return true;
  }
}

class TakingStaleSnapshots extends Disk {
  override switchTo(snapshot: Snapshot): boolean {
    this.change({ snapshot });
    return true;
  }
}

class DroppingEarly extends Disk {
  override readonly write = ({ mark }: Snapshot) => this.dropTo(mark.number);
}

class DroppingTooMuch extends Disk {
  override dropTo(): void {
    super.dropTo(Infinity);
  }
}

class NotFlushingSnapshots extends Disk {
  override flushSnapshot(): void {
    // What breaks it is that nothing happens.
  }
}

class NotFlushingRecords extends Disk {
  override flush(): void {
    this.flushSnapshot();
  }
}

class KeepingRecordsInTheProcess extends Disk {
  override endProcesses(): void {
    this.change({ records: this.state.records.filter(({ isFlushed }) => isFlushed) });
  }
}

class LosingTheMiddle extends Disk {
  override cuts(): Disk[] {
    const { records } = this.state;
    const lost = records.findIndex(({ isFlushed }, i) => !isFlushed && i < records.length - 1);
    if (lost !== -1) this.change({ records: records.toSpliced(lost, 1) });
    return super.cuts();
  }
}

/** Shows the last record of another history, which was left there, in place of its own. */
class Spliced extends Disk {
  override recordsFrom(number: number): readonly Uint8Array[] | null {
    const records = super.recordsFrom(number);
    const last = records?.at(-1);
    return records && last ? [...records.slice(0, -1), this.alien(last)] : records;
  }

  protected alien(record: Uint8Array, previous?: number): Uint8Array {
    return edited(record, /"call":\d+/g, '"call":99', previous ?? 7);
  }
}

/** As if nobody had chained the records to each other. */
class SplicedWithoutChain extends Spliced {
  protected override alien(record: Uint8Array): Uint8Array {
    return super.alien(record, decodeFrame(record, 'a record').previous);
  }
}

class LosingOrphans extends Disk {
  override leaveOrphan(): void {
    super.leaveOrphan(new Uint8Array());
    this.dropOrphans([...this.orphans.keys()]);
  }
}

/** As if nobody had written down which calls have ended. */
class RenamingOrphans extends Disk {
  override get orphans(): ReadonlyMap<string, Uint8Array> {
    return new Map(
      [...super.orphans].map(([id, bytes]) => [id, edited(bytes, /"writer":"....../, '"writer":"another')]),
    );
  }
}

/** The frame with another text in its body, whole. */
function edited(bytes: Uint8Array, text: RegExp, replacement: string, previous?: number): Uint8Array {
  const frame = decodeFrame(bytes, 'a frame');
  const body = new TextEncoder().encode(new TextDecoder().decode(frame.body).replace(text, replacement));
  return encodeFrame({ ...frame, body, previous: previous ?? frame.previous }).bytes;
}

/** Disks that break a promise, by what they do. */
export const brokenDisks: Readonly<Record<string, new () => Disk>> = {
  'takes any record under any number': Unfenced,
  'puts an old snapshot in place of a newer one': TakingStaleSnapshots,
  'drops the records before the snapshot is there': DroppingEarly,
  'drops records that the snapshot does not hold': DroppingTooMuch,
  'drops the records before the snapshot is flushed': NotFlushingSnapshots,
  'does not flush what it says is flushed': NotFlushingRecords,
  'loses what the system has not yet, with the process': KeepingRecordsInTheProcess,
  'loses a record in the middle in a power cut': LosingTheMiddle,
  'has a record of another history among its own': Spliced,
  'has a record of another history among its own, and nothing that shows it': SplicedWithoutChain,
  'loses what pages left': LosingOrphans,
  'shows what a page left as that of another': RenamingOrphans,
};
