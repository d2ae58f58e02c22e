import { property } from '../core/artifact-type.ts';
import { isWhole } from '../core/checks.ts';
import { NewerFormatError } from '../core/errors.ts';
import { compareArtifacts } from '../core/fact.ts';
import { quote } from '../core/text.ts';
import type { CheckedDraft } from '../core/write.ts';
import { checksumOf } from '../persistence/checksum.ts';
import { ACTION, damaged, FORMAT, headerLine, lastLine, LAST_LINE, type BundleContent } from './format.ts';
import { readRecord, type BundleRecord } from './read-record.ts';
import { splitLines, type Line } from './split-lines.ts';

const LINE_END = new Uint8Array([0x0a]);

/** A bundle as far as it has been read. */
export class BundleReader {
  readonly #pieces: AsyncIterable<string | Uint8Array>;
  #lines = 0;
  #content: BundleContent | null = null;
  #checksum = 0;
  #isOver = false;
  #lastArtifact: CheckedDraft | null = null;
  readonly #found = { artifacts: 0, consumptions: 0, agents: 0 };
  readonly #types = new Map<string, number>();

  constructor(pieces: AsyncIterable<string | Uint8Array>) {
    this.#pieces = pieces;
  }

  /** What the first line says. @throws CorruptError before it was read */
  get content(): BundleContent {
    if (this.#content === null) throw damaged('it is empty');
    return this.#content;
  }

  /** Of all that was read, but for the last line. */
  get checksum(): number {
    return this.#checksum;
  }

  /**
   * The records, as they are read: only when this has ended is it known that all of them are there and none was changed.
   *
   * @throws CorruptError for what is no bundle, or not as it was exported; NewerFormatError
   */
  async *records(): AsyncGenerator<BundleRecord, void> {
    for await (const line of splitLines(this.#pieces)) {
      const record = this.#read(line);
      if (record !== null) yield record;
    }
    this.#end();
  }

  /** Null for the first line and the last one, which are no records. */
  #read({ bytes, isWhole: isWholeLine }: Line): BundleRecord | null {
    if (this.#isOver) throw damaged(`something follows its last line, line ${this.#lines}`);
    if (!isWholeLine) throw this.#cutOff();
    const text = this.#decode(bytes);
    this.#lines++;
    if (this.#content !== null && text.startsWith(LAST_LINE)) {
      if (text !== lastLine(this.#checksum)) throw damaged('it was changed: its checksum does not fit');
      this.#isOver = true;
      return null;
    }
    this.#checksum = checksumOf(LINE_END, checksumOf(bytes, this.#checksum));
    if (this.#content !== null) return this.#take(readRecord(text, this.#lines));
    this.#content = readHeader(text);
    return null;
  }

  #end(): void {
    if (!this.#isOver) throw this.#cutOff();
    const { content } = this;
    const found = { ...this.#found, types: Object.fromEntries(this.#types) };
    const types = new Set([...Object.keys(content.types), ...Object.keys(found.types)]);
    const isComplete =
      found.artifacts === content.artifacts &&
      found.consumptions === content.consumptions &&
      found.agents === content.agents &&
      [...types].every((type) => content.types[type] === found.types[type]);
    if (!isComplete) throw damaged(`it holds ${count(found)}, and its first line says ${count(content)}`);
  }

  #decode(bytes: Uint8Array): string {
    try {
      return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    } catch (cause) {
      throw damaged(`line ${this.#lines + 1} is not UTF-8`, cause);
    }
  }

  #take(record: BundleRecord): BundleRecord {
    switch (record.kind) {
      case 'artifact': {
        const { artifact } = record;
        const isNext = this.#lastArtifact === null || compareArtifacts(this.#lastArtifact, artifact) < 0;
        if (!isNext || this.#found.agents > 0) throw this.#misplaced(record.kind);
        this.#lastArtifact = artifact;
        this.#types.set(artifact.type, (this.#types.get(artifact.type) ?? 0) + 1);
        this.#found.artifacts++;
        return record;
      }
      case 'consumption': {
        const isNext = this.#lastArtifact?.id === record.consumption.artifactId && this.#found.agents === 0;
        if (!isNext) throw this.#misplaced(record.kind);
        this.#found.consumptions++;
        return record;
      }
      case 'agent':
        this.#found.agents++;
        return record;
    }
  }

  #misplaced(kind: BundleRecord['kind']): Error {
    return damaged(`the ${kind} in line ${this.#lines} is not where it belongs`);
  }

  #cutOff(): Error {
    if (this.#content === null) return damaged('it is empty, or cut off in its first line');
    return damaged(
      `it is cut off after line ${this.#lines}: it holds ${count(this.#found)} of ${count(this.#content)}, and no last line`,
    );
  }
}

function count({ artifacts, consumptions, agents }: Omit<BundleContent, 'types'>): string {
  return `${artifacts} artifacts, ${consumptions} consumptions and ${agents} agents`;
}

function readHeader(text: string): BundleContent {
  const header = parse(text);
  if (property(header, 'boardlite') !== 'bundle') throw damaged(`it is no bundle: its first line is ${quote(text)}`);
  const format = property(header, 'format');
  if (isWhole(format, FORMAT + 1)) {
    throw new NewerFormatError(
      `Cannot ${ACTION}: it has version ${quote(format)} of the format, and this library knows versions up to ${FORMAT}`,
    );
  }
  if (!isContent(header) || text !== headerLine(header)) throw damaged(`its first line was changed: ${quote(text)}`);
  return header;
}

function isContent(value: unknown): value is BundleContent {
  const types = property(value, 'types');
  return (
    ['artifacts', 'consumptions', 'agents'].every((name) => isWhole(property(value, name), 0)) &&
    typeof types === 'object' &&
    types !== null &&
    Object.values(types).every((number) => isWhole(number, 1))
  );
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw damaged(`it is no bundle: its first line is ${quote(text)}`, cause);
  }
}
