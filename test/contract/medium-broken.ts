import type { MediumBench, MediumCapabilities, MediumSubject } from '../../src/contract/medium-case.ts';
import { LockedError, UnsupportedError } from '../../src/core/errors.ts';
import type { OpenMedium, Progress, WorkOptions } from '../../src/persistence/medium.ts';
import { brokenDisks } from '../crash/broken-disks.ts';
import { EXCLUSIVE_MODEL, modelBench, SHARED_MODEL } from '../crash/model-bench.ts';
import { alteredMedium, changeLoads, changeMediumErrors } from './medium-altered.ts';

/** A model of a medium with one thing wrong, as media get things wrong. */
export interface BrokenMedium {
  /** What it does, as a sentence. */
  readonly name: string;
  /** The subject at which the contract has to notice. */
  readonly subject: MediumSubject;
  readonly capabilities: MediumCapabilities;
  readonly createBench: () => MediumBench;
}

function breaking(subject: MediumSubject, benches: Readonly<Record<string, () => MediumBench>>): BrokenMedium[] {
  return Object.entries(benches).map(([name, createBench]) => ({
    name,
    subject,
    capabilities: SHARED_MODEL,
    createBench,
  }));
}

const altering = (alter: (medium: OpenMedium) => OpenMedium) => () => modelBench(SHARED_MODEL, alter);
const onDisk = (name: keyof typeof brokenDisks) => () => modelBench(SHARED_MODEL, undefined, brokenDisks[name]);

let tellings = 0;

const keeping = [
  ...breaking('survival', {
    'says always that no record is missing': altering((medium) =>
      changeLoads(medium, (board) => ({ ...board, mayLackRecords: false })),
    ),
    'says that records may be missing only once': altering((medium) =>
      changeLoads(medium, (board) => ({ ...board, mayLackRecords: board.mayLackRecords && tellings++ === 0 })),
    ),
  }),
  ...breaking('load', {
    'gives the records in another order': altering((medium) =>
      changeLoads(medium, (board) => ({ ...board, records: board.records.toReversed() })),
    ),
    'gives no more than ten records': altering((medium) =>
      changeLoads(medium, (board) => ({ ...board, records: board.records.slice(0, 10) })),
    ),
    'gives what is left where records were dropped': altering((medium) =>
      alteredMedium(medium, { recordsFrom: async (number) => (await medium.recordsFrom(number)) ?? [] }),
    ),
    'begins one record too late': altering((medium) =>
      alteredMedium(medium, { recordsFrom: (number) => medium.recordsFrom(number + 1) }),
    ),
  }),
  ...breaking('append', {
    'takes any record under any number': onDisk('takes any record under any number'),
    'says yes to a number that it refuses': altering((medium) =>
      alteredMedium(medium, {
        append: async (number, record, durability) => {
          await medium.append(number, record, durability);
          return true;
        },
      }),
    ),
    'says no to a record that it takes strictly': altering((medium) =>
      alteredMedium(medium, {
        append: async (number, record, durability) =>
          (await medium.append(number, record, durability)) && durability === 'relaxed',
      }),
    ),
  }),
  ...breaking('save', {
    'drops records that the snapshot does not hold': onDisk('drops records that the snapshot does not hold'),
    'takes a snapshot of any board': onDisk('puts an old snapshot in place of a newer one'),
    'forgets what is appended while it saves': altering((medium) => {
      let saves = 0;
      return alteredMedium(medium, {
        save: async (snapshot, options) => {
          saves++;
          return medium.save(snapshot, options).finally(() => saves--);
        },
        append: async (...args) => saves > 0 || medium.append(...args),
      });
    }),
  }),
  ...breaking('bytes', {
    'stores the buffer around what it is given': altering((medium) =>
      alteredMedium(medium, {
        append: (number, record, durability) => medium.append(number, new Uint8Array(record.buffer), durability),
      }),
    ),
    'cuts a snapshot at whole chunks': altering((medium) =>
      changeLoads(medium, (board) => {
        const whole = board.bytes.length - (board.bytes.length % (1 << 20));
        return { ...board, bytes: whole === 0 ? board.bytes : board.bytes.subarray(0, whole) };
      }),
    ),
    'gives away what it keeps': altering((medium) => {
      let kept: readonly Uint8Array[] | null = null;
      return alteredMedium(medium, { recordsFrom: async (number) => (kept ??= await medium.recordsFrom(number)) });
    }),
    'keeps what it is given without copying it': altering((medium) => {
      const given = new Map<number, Uint8Array>();
      return alteredMedium(medium, {
        append: (number, record, durability) => {
          given.set(number, record);
          return medium.append(number, record, durability);
        },
        recordsFrom: async (number) =>
          (await medium.recordsFrom(number))?.map((record, i) => given.get(number + i) ?? record) ?? null,
      });
    }),
  }),
  ...breaking('survival', {
    'keeps records in its process': onDisk('loses what the system has not yet, with the process'),
    'does not flush what it says is flushed': onDisk('does not flush what it says is flushed'),
    'loses a record in the middle in a power cut': onDisk('loses a record in the middle in a power cut'),
  }),
];

/** Calls `work` with other options. */
const working = (change: (options: WorkOptions) => WorkOptions) =>
  altering((medium) =>
    alteredMedium(medium, {
      load: (options = {}) => medium.load(change(options)),
      save: (snapshot, options = {}) => medium.save(snapshot, change(options)),
    }),
  );

const notAtTheEnd =
  ({ onProgress }: WorkOptions) =>
  (progress: Progress) => {
    if (progress.done < progress.total) onProgress?.(progress);
  };

const answering = [
  ...breaking('progress', {
    'does not look at the signal': working(({ onProgress }) => ({ onProgress })),
    'does not say that it is at the end': working((options) => ({ ...options, onProgress: notAtTheEnd(options) })),
    'rejects an aborted call with an error of its own': altering((medium) =>
      changeMediumErrors(medium, () => new UnsupportedError('Cannot go on: it was aborted')),
    ),
  }),
  ...breaking('closing', {
    'is open after it was closed': altering((medium) => alteredMedium(medium, { close: () => Promise.resolve() })),
    'calls a closed medium unsupported': altering((medium) =>
      changeMediumErrors(medium, (error) => new UnsupportedError('Cannot do that', { cause: error })),
    ),
    'refuses to close again': altering((medium) => {
      let isClosed = false;
      return alteredMedium(medium, {
        close: async () => {
          if (isClosed) throw new UnsupportedError('Cannot close: it is closed');
          isClosed = true;
          await medium.close();
        },
      });
    }),
  }),
  ...breaking('read-only', {
    'writes although it was opened to read only': () => {
      const bench = modelBench(SHARED_MODEL);
      return {
        ...bench,
        open: () => bench.open(),
        reopen: (medium, options) => bench.reopen(medium, { ...options, readOnly: false }),
      };
    },
    'says that it saved when it may only read': altering((medium) =>
      alteredMedium(medium, { save: (snapshot, options) => medium.save(snapshot, options).catch(() => true) }),
    ),
    'cannot be read beside one that writes': () => ({
      ...modelBench(SHARED_MODEL),
      second: () => Promise.reject(new LockedError('Cannot open: somebody writes')),
    }),
  }),
];

const sharing = [
  ...breaking('sharing', {
    'lets two append one number': onDisk('takes any record under any number'),
    'puts an old snapshot in place of a newer one': onDisk('puts an old snapshot in place of a newer one'),
    'drops what another appends while it saves': onDisk('drops records that the snapshot does not hold'),
  }),
  {
    name: 'lets a second one write beside the first',
    subject: 'sharing',
    capabilities: EXCLUSIVE_MODEL,
    createBench: () => modelBench(SHARED_MODEL, (medium) => alteredMedium(medium, { isShared: false })),
  },
  ...breaking('orphans', {
    'loses what pages leave': onDisk('loses what pages left'),
    'gives the newest orphan first': altering((medium) =>
      alteredMedium(medium, { orphans: async () => new Map([...(await medium.orphans())].toReversed()) }),
    ),
    'drops every orphan when told to drop one': altering((medium) =>
      alteredMedium(medium, {
        dropOrphans: async (ids) => medium.dropOrphans(ids.length === 0 ? [] : [...(await medium.orphans()).keys()]),
      }),
    ),
    'forgets what is to be left in place of orphans': altering((medium) =>
      alteredMedium(medium, { dropOrphans: (ids) => medium.dropOrphans(ids) }),
    ),
  }),
] satisfies BrokenMedium[];

export const brokenMedia: readonly BrokenMedium[] = [...keeping, ...answering, ...sharing];
