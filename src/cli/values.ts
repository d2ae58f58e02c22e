import { InvalidArgumentError, Option } from 'commander';

const FORM = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:[.,]\d{1,9})?)?)(Z|[+-]\d{2}:?\d{2})?)?$/i;

/** Reads a time in the forms of ISO 8601: without an offset it is UTC, a date is its midnight. */
export function instant(text: string): Date {
  const [, day = '', time = '00:00', zone = 'Z'] = FORM.exec(text) ?? [];
  const offset = /^[+-]\d{4}$/.test(zone) ? `${zone.slice(0, 3)}:${zone.slice(3)}` : zone.toUpperCase();
  const date = new Date(`${day}T${time.replace(',', '.')}${offset}`);
  const midnight = new Date(`${day}T00:00Z`);
  // Some runtimes take the 31st of February for the 3rd of March.
  const isDay = !Number.isNaN(midnight.getTime()) && midnight.toISOString().startsWith(day);
  if (day !== '' && isDay && !Number.isNaN(date.getTime())) return date;
  throw new InvalidArgumentError(`Invalid ISO timestamp: ${text}; write 2025-10-06 or 2025-10-06T12:00:00Z`);
}

/** Reads a positive integer, or `all`. */
export function limit(text: string): number {
  if (text === 'all') return Infinity;
  if (/^[1-9]\d{0,14}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('It has to be a positive integer or "all".');
}

export function wholeNumber(text: string): number {
  if (/^\d{1,15}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('It has to be a non-negative integer.');
}

/** By (createdAt, id). */
export function orderOption(): Option {
  return new Option('--order <order>', 'by time and id, the oldest or the newest first')
    .choices(['asc', 'desc'])
    .default('asc');
}

/** Adds to the values of an option that can be given several times. */
export function collect(text: string, earlier: readonly string[] | undefined): string[] {
  return [...(earlier ?? []), text];
}
