import type { Medium, MediumOptions, OpenMedium } from '../../src/persistence/medium.ts';

interface Save {
  readonly bytes: Uint8Array;
  finish(): void;
  fail(error: Error): void;
}

/** A medium in memory that shows what a store does with it. */
export class TrialMedium implements Medium {
  readonly name = 'trial';
  /** What happened, in order. */
  readonly events: string[] = [];
  readonly openings: MediumOptions[] = [];
  /** Saves that wait for the test to settle them, when it said so. */
  readonly pending: Save[] = [];
  isHeld = false;
  bytes: Uint8Array | null;

  constructor(bytes: Uint8Array | null = null) {
    this.bytes = bytes;
  }

  async open(options: MediumOptions): Promise<OpenMedium> {
    this.events.push('open');
    this.openings.push(options);
    return {
      load: async () => {
        this.events.push('load');
        return this.bytes?.slice() ?? null;
      },
      save: async (bytes) => {
        this.events.push('save');
        if (this.isHeld) {
          await new Promise<void>((finish, fail) => {
            this.pending.push({ bytes, finish, fail });
          });
        }
        this.bytes = bytes.slice();
        this.events.push('saved');
      },
      close: async () => {
        this.events.push('close');
      },
    };
  }

  /** Waits until the store has begun that many saves. */
  async saveBegun(count: number): Promise<Save> {
    while (this.pending.length < count) await new Promise((resolve) => setImmediate(resolve));
    const save = this.pending[count - 1];
    if (save === undefined) throw new Error('no save');
    return save;
  }
}
