import { InvalidArgumentError } from './errors.ts';
import { quote } from './text.ts';

/** 0001-01-01T00:00:00.000Z, the first instant a board can hold. */
export const FIRST_INSTANT = -62_135_596_800_000;
/** 9999-12-31T23:59:59.999Z, the last one. */
export const LAST_INSTANT = 253_402_300_799_999;

/** True for milliseconds since the epoch that a board can hold: whole, in the years 1 to 9999 (UTC). */
export function isInstant(ms: number): boolean {
  return Number.isInteger(ms) && ms >= FIRST_INSTANT && ms <= LAST_INSTANT;
}

/**
 * Milliseconds since the epoch of a Date.
 *
 * @throws InvalidArgumentError for anything but a valid Date in the years 1 to 9999
 */
export function instantOf(date: unknown, name: string, action: string): number {
  const ms = readDate(date);
  if (ms !== undefined) return ms;
  throw new InvalidArgumentError(`Cannot ${action}: "${name}" ${DATE}, got ${quote(date)}`);
}

export const DATE = 'must be a Date in the years 1 to 9999';

/** Milliseconds since the epoch: what a Date holds, of whatever realm it is and whatever a class of its own makes of it. */
export function readDate(value: unknown): number | undefined {
  try {
    const ms = Date.prototype.getTime.call(value);
    return isInstant(ms) ? ms : undefined;
  } catch {
    return undefined;
  }
}

/**
 * An instant as the board's files hold it: UTC, fixed width, six digits, so that text order is time order and
 * Python's `datetime.fromisoformat` reads it: `2025-10-13T12:34:56.789000+00:00`.
 */
export function formatInstant(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 23)}000+00:00`;
}

/** An instant with the microseconds that some files carry. */
export interface StoredInstant {
  /** Milliseconds since the epoch, floored. */
  readonly ms: number;
  /** UTC, fixed width, six digits. */
  readonly text: string;
}

/** What {@link formatInstant} writes, but for the last days of a month, which not every month has: read without a second look. */
const PLAIN = /^(?!0000)\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d\.\d{6}\+00:00$/;
const ISO =
  /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?\s?(?:(Z)|([+-])(\d{2}):?(\d{2})(?::?(\d{2})(?:\.(\d{1,6}))?)?)?)?$/i;

/**
 * Reads the forms of ISO 8601 that Python's `datetime.isoformat` and JavaScript's `toISOString` write: up to nine
 * fraction digits, `Z`, offsets, and naive times, which are taken as UTC; a date alone is its midnight.
 * Returns null for anything else, and for instants outside the years 1 to 9999.
 */
export function parseInstant(text: string): StoredInstant | null {
  if (PLAIN.test(text)) return { ms: Date.parse(`${text.slice(0, 23)}Z`), text };
  const match = ISO.exec(text);
  if (match === null) return null;
  const [, year, month, day, hour = '0', minute = '0', second = '0', fraction = ''] = match;
  const date = new Date(0);
  date.setUTCFullYear(Number(year), Number(month) - 1, Number(day));
  date.setUTCHours(Number(hour), Number(minute), Number(second));
  const names = [
    date.getUTCFullYear(),
    date.getUTCMonth() + 1,
    date.getUTCDate(),
    date.getUTCHours(),
    date.getUTCMinutes(),
    date.getUTCSeconds(),
  ];
  const given = [year, month, day, hour, minute, second].map(Number);
  if (names.some((part, i) => part !== given[i])) return null;
  const micros = Number(fraction.padEnd(6, '0').slice(0, 6));
  const offset = offsetMicros(match);
  if (offset === null) return null;
  const totalMicros = micros - offset;
  const ms = date.getTime() + Math.floor(totalMicros / 1000);
  if (!isInstant(ms)) return null;
  const rest = ((totalMicros % 1000) + 1000) % 1000;
  return { ms, text: `${new Date(ms).toISOString().slice(0, 23)}${String(rest).padStart(3, '0')}+00:00` };
}

function offsetMicros(match: RegExpExecArray): number | null {
  const [, , , , , , , , , sign, hours = '0', minutes = '0', seconds = '0', fraction = ''] = match;
  if (Number(hours) > 23 || Number(minutes) > 59 || Number(seconds) > 59) return null;
  const size = (Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)) * 1e6 + Number(fraction.padEnd(6, '0'));
  return sign === '-' ? -size : size;
}
