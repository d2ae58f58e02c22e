import { CorruptError, NewerFormatError } from '../core/errors.ts';
import type { Fact } from '../core/fact.ts';
import { concat } from '../persistence/concat.ts';

/** All calls of a store up to this one have ended, well or not. */
export interface Receipt {
  /** Names the store among those that share the board. */
  readonly writer: string;
  readonly call: number;
}

/** What a record says beside its facts. */
export interface RecordNotes {
  /** A new epoch begins with this record. */
  readonly epoch?: string | undefined;
  readonly receipts?: readonly Receipt[] | undefined;
}

/** One group of writes, as the log keeps it. */
export interface LogRecord {
  readonly facts: readonly Fact[];
  readonly notes: RecordNotes;
}

const encoder = new TextEncoder();
const HEAD = encoder.encode('{"facts":[');
const COMMA = encoder.encode(',');

/** Facts as they stand in a record, to be joined by {@link encodeRecord}. */
export function encodeFacts(facts: readonly Fact[]): Uint8Array {
  return encoder.encode(JSON.stringify(facts).slice(1, -1));
}

/** A record as UTF-8 JSON. @param facts each from {@link encodeFacts}, none of them empty */
export function encodeRecord(facts: readonly Uint8Array[], notes: RecordNotes): Uint8Array {
  const tail = encoder.encode(`],"notes":${JSON.stringify(notes)}}`);
  return concat([HEAD, ...facts.flatMap((each, i) => (i === 0 ? [each] : [COMMA, each])), tail]);
}

const KINDS: ReadonlySet<unknown> = new Set<Fact['kind']>([
  'artifact',
  'consumption',
  'agent',
  'agents-cleared',
  'deletion',
]);

/**
 * @param subject what it is, for the messages: `record 7 of the log`
 * @throws NewerFormatError for a kind of fact that this version does not know, CorruptError for what is no record
 */
export function decodeRecord(bytes: Uint8Array, subject: string): LogRecord {
  const record = parse(bytes, subject);
  if (!isRecord(record)) throw new CorruptError(`Cannot read ${subject}: it has no facts`);
  if (!record.facts.every(({ kind }) => KINDS.has(kind))) {
    throw new NewerFormatError(`Cannot read ${subject}: it has a fact of a kind that this version does not know`);
  }
  return record;
}

function parse(bytes: Uint8Array, subject: string): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes));
  } catch (cause) {
    throw new CorruptError(`Cannot read ${subject}: it is not JSON`, { cause });
  }
}

/** Looks no closer: the checksum was right, so this is what encodeRecord wrote, of this version or of another. */
function isRecord(value: unknown): value is LogRecord {
  return isObject(value) && Array.isArray(value.facts) && value.facts.every(isObject) && isObject(value.notes);
}

function isObject(value: unknown): value is { readonly facts?: unknown; readonly notes?: unknown } {
  return typeof value === 'object' && value !== null;
}
