import type { ArtifactEnvelope } from '../core/artifact.ts';
import { check, fields } from '../core/checks.ts';
import { ConflictError, CorruptError } from '../core/errors.ts';
import type { BlackboardStore, StoreStats } from '../core/store.ts';
import { quote } from '../core/text.ts';
import { checksumOf } from '../persistence/checksum.ts';
import { agentLine, artifactLine, consumptionLine, headerLine, lastLine } from './format.ts';
import { readRecord } from './read-record.ts';
import { Pauses, workFields, type BundleWork } from './work.ts';

const optionsSchema = fields(workFields);

/**
 * The whole board as text, in pieces: lines that each end with `\n`, one for each artifact by (createdAt, id), behind it
 * its consumptions, and then the agent snapshots. The first line counts what is there, the last one is a checksum. Positions
 * of the board, sequence and epoch, are left out: boards that hold the same export the same bytes.
 *
 * Reads page by page, so that memory does not grow with the board, and is refused when the board changes meanwhile. What
 * was read until then lacks the last line, and no import takes it.
 *
 * @throws InvalidArgumentError for options that do not exist or make no sense
 * @throws ConflictError when somebody wrote to the board before the last line
 * @throws CorruptError when the board holds rows that cannot be read exactly: a bundle without them would pass for whole; or
 *   rows that somebody else wrote and no import takes
 */
export async function* exportBundle(store: BlackboardStore, options: BundleWork = {}): AsyncGenerator<string, void> {
  let checksum = 0;
  const encoder = new TextEncoder();
  for await (const line of linesOf(store, check(optionsSchema, options, 'export the board', 'options'))) {
    const text = `${line}\n`;
    checksum = checksumOf(encoder.encode(text), checksum);
    yield text;
  }
  yield `${lastLine(checksum)}\n`;
}

async function* linesOf(store: BlackboardStore, { signal, onProgress }: BundleWork): AsyncGenerator<string, void> {
  const pauses = new Pauses(signal);
  // Called in one go, so that they are about one board.
  const [before, summary, agents] = await Promise.all([
    store.stats({ signal }),
    store.summarizeArtifacts({}, { signal }),
    store.loadAgentSnapshots({ signal }),
  ]);
  const { artifacts, consumptions } = before;
  yield headerLine({ artifacts, consumptions, agents: agents.length, types: summary.byType });
  const found = { artifacts: 0, consumptions: 0 };
  const pages = new Pages(store, signal);
  for (let page = await pages.next(); page !== null; page = await pages.next()) {
    for (const envelope of page) {
      const line = checked(() => artifactLine(envelope.artifact), `artifact ${quote(envelope.artifact.id)}`);
      pages.count(line.length);
      yield line;
      for (const consumption of envelope.consumptions) yield consumptionLine(consumption);
      found.artifacts++;
      found.consumptions += envelope.consumptions.length;
    }
    onProgress?.({ phase: 'export', done: found.artifacts, total: artifacts });
    await pauses.pause();
  }
  for (const agent of agents) yield checked(() => agentLine(agent), `agent ${quote(agent.agentName)}`);
  checkUnchanged(before, await store.stats({ signal }));
  checkAll('artifacts', found.artifacts, artifacts);
  checkAll('consumptions', found.consumptions, consumptions);
  checkAll('agents', agents.length, before.agents);
  onProgress?.({ phase: 'export', done: artifacts, total: artifacts });
}

/** A row that somebody else wrote can hold what no store takes, such as texts that have no UTF-8 form. */
function checked(make: () => string, subject: string): string {
  try {
    const line = make();
    readRecord(line, 0);
    return line;
  } catch (cause) {
    throw new CorruptError(`Cannot export the board: ${subject} holds what no import takes`, { cause });
  }
}

/** How many characters a page is about to come to, and how many artifacts at most. */
const PAGE_SIZE = 1 << 20;
const MOST_ARTIFACTS = 500;

/** Pages that come to about as much each, however large the artifacts are: the size of one decides about the next. */
class Pages {
  readonly #store: BlackboardStore;
  readonly #signal: AbortSignal | undefined;
  #limit = 1;
  #size = 0;
  #cursor: string | null | undefined;

  constructor(store: BlackboardStore, signal: AbortSignal | undefined) {
    this.#store = store;
    this.#signal = signal;
  }

  count(size: number): void {
    this.#size += size;
  }

  /** Null after the last one. */
  async next(): Promise<readonly ArtifactEnvelope[] | null> {
    if (this.#cursor === null) return null;
    const fitting = Math.floor((PAGE_SIZE / Math.max(1, this.#size)) * this.#limit);
    this.#limit = Math.max(1, Math.min(this.#limit * 2, fitting, MOST_ARTIFACTS));
    this.#size = 0;
    const page = await this.#store.queryArtifacts(
      {},
      { limit: this.#limit, cursor: this.#cursor, embedMeta: true, total: false, signal: this.#signal },
    );
    this.#cursor = page.nextCursor;
    return page.items;
  }
}

function checkUnchanged(before: StoreStats, after: StoreStats): void {
  // An empty board that nobody saved has another epoch each time it is opened.
  const isAsEmpty = before.sequence === 0 && after.sequence === 0;
  if (isAsEmpty || (before.epoch === after.epoch && before.sequence === after.sequence)) return;
  throw new ConflictError(
    `Cannot export the board: it was written to meanwhile, from sequence ${quote(before.sequence)} to ${quote(after.sequence)}; ` +
      `export it again, or from a store that is opened with readOnly: true`,
  );
}

function checkAll(what: string, found: number, all: number): void {
  if (found === all) return;
  throw new CorruptError(
    `Cannot export the board: ${all - found} of its ${all} ${what} cannot be read exactly, and a bundle without them would pass for whole`,
  );
}
