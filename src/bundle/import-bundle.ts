import { check, field, fields, flag, oneOf, optional } from '../core/checks.ts';
import { ConflictError } from '../core/errors.ts';
import type { BlackboardStore } from '../core/store.ts';
import { Comparison, type ImportReport, type OnConflict } from './comparison.ts';
import { ACTION } from './format.ts';
import { readPieces, type Pieces } from './pieces.ts';
import { BundleReader } from './read-bundle.ts';
import type { BundleRecord } from './read-record.ts';
import { Pauses, workFields, type BundleProgress, type BundleWork } from './work.ts';

/**
 * Where a bundle comes from: its text or UTF-8, whole or in pieces that are cut anywhere, lines among them. It is read
 * twice, first to find it whole and then to write. A function that begins anew at each call, `() => file.stream()`, keeps
 * memory small; what can be read once only is held in memory as it comes. What is not read to its end is let go: a stream is
 * cancelled, an iterator returned.
 */
export type BundleSource = Pieces | (() => Pieces | Promise<Pieces>);

export interface ImportOptions extends BundleWork {
  /**
   * What to do when the board has something else under an id, or an agent's name: `fail`, the default, writes nothing at all;
   * `skip` keeps what the board has, `replace` takes what the bundle has. What is equal is no conflict, and is left as it is.
   * A consumption is never replaced: the first one stays, as with `recordConsumptions`.
   */
  readonly onConflict?: OnConflict | undefined;
  /** True writes nothing, and tells what would be done; conflicts are then told and not thrown. */
  readonly dryRun?: boolean | undefined;
}

const optionsSchema = fields({
  ...workFields,
  onConflict: optional(field(oneOf('fail', 'skip', 'replace'), 'must be "fail", "skip" or "replace"')),
  dryRun: flag,
});

/**
 * Brings what was exported onto a board: artifacts with all their fields but the sequence, which this board gives, their
 * consumptions, and agent snapshots. The bundle is read to its end and found whole, and compared with the board, before
 * anything is written; then it is written in batches. Stopped at any point and done again, the result is complete: what is
 * there already is left alone.
 *
 * In the stores of this package artifacts keep their canonical types, whatever is registered here, and no schema is asked:
 * they were accepted once. A store of another kind takes them as drafts under these names.
 *
 * @returns what was done, or with `dryRun` would be
 * @throws InvalidArgumentError for options that do not exist or make no sense, and for a source that is none; nothing is written
 * @throws CorruptError when the bundle is cut off, was changed, or is none, or when what the board has under an id, or may
 *   have under an agent's name, cannot be read exactly; nothing is written
 * @throws NewerFormatError when a newer version exported it; nothing is written
 * @throws ConflictError with `fail`, when the board has something else; nothing is written, unless somebody else wrote it
 *   while this call was writing
 * @throws whatever the source throws
 */
export async function importBundle(
  store: BlackboardStore,
  source: BundleSource,
  options: ImportOptions = {},
): Promise<ImportReport> {
  const { onConflict = 'fail', dryRun = false, ...work } = check(optionsSchema, options, ACTION, 'options');
  const open = await reopening(source, work.signal);
  const plan = new Comparison(store, onConflict, work.signal);
  const checked = await pass('check', open, work, (records) => plan.compare(records));
  if (dryRun) return plan.report;
  if (onConflict === 'fail') plan.refuseConflicts('nothing was written; choose onConflict "skip" or "replace"');
  const writing = new Comparison(store, onConflict, work.signal);
  const written = await pass('import', open, work, async (records) => {
    const changes = await writing.compare(records);
    if (onConflict === 'fail') writing.refuseConflicts('somebody wrote that while the bundle was imported, in part');
    await writing.write(changes);
  });
  if (written !== checked)
    throw new ConflictError(`Cannot ${ACTION}: another bundle came when it was read again, and was imported unchecked`);
  return writing.report;
}

/** How many records, and how many characters, are compared and written at once. */
const BATCH_LENGTH = 500;
const BATCH_SIZE = 1 << 20;

/** Reads the bundle from beginning to end. Returns its checksum. */
async function pass(
  phase: BundleProgress['phase'],
  open: () => Pieces | Promise<Pieces>,
  { signal, onProgress }: BundleWork,
  carryOut: (records: readonly BundleRecord[]) => Promise<unknown>,
): Promise<number> {
  signal?.throwIfAborted();
  const pauses = new Pauses(signal);
  const reader = new BundleReader(readPieces(open, signal));
  let batch: BundleRecord[] = [];
  let size = 0;
  let done = 0;
  const flush = async () => {
    await carryOut(batch);
    done += batch.filter(({ kind }) => kind === 'artifact').length;
    batch = [];
    size = 0;
    onProgress?.({ phase, done, total: reader.content.artifacts });
    await pauses.pause();
  };
  for await (const record of reader.records()) {
    batch.push(record);
    size += record.size;
    if (batch.length >= BATCH_LENGTH || size >= BATCH_SIZE) await flush();
  }
  await flush();
  return reader.checksum;
}

async function reopening(
  source: BundleSource,
  signal: AbortSignal | undefined,
): Promise<() => Pieces | Promise<Pieces>> {
  if (typeof source === 'function') return source;
  const pieces: (string | Uint8Array)[] = [];
  for await (const piece of readPieces(() => source, signal)) {
    // A copy, because whoever made the piece may use its memory again; the slice of a Buffer would be none.
    pieces.push(typeof piece === 'string' ? piece : new Uint8Array(piece));
  }
  return () => pieces;
}
