import { BlackboardError, InvalidPayloadError } from 'boardlite';
import { make } from './elements.ts';

const DATE = new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeStyle: 'medium' });
const NUMBER = new Intl.NumberFormat('en', { maximumFractionDigits: 1 });

/** What went wrong, in words, led by the code where it has one; every issue where a message has room for the first alone. */
export function failureInWords(error: unknown): (Node | string)[] {
  const text = error instanceof Error ? error.message : String(error);
  if (!(error instanceof BlackboardError)) return [text];
  const issues = error instanceof InvalidPayloadError && error.issues.length > 1 ? [issueList(error)] : [];
  return [make('code', {}, error.code), ` ${text}`, ...issues];
}

function issueList({ issues }: InvalidPayloadError): HTMLUListElement {
  return make('ul', {}, ...issues.map(({ path, message }) => make('li', {}, make('code', {}, path), ` ${message}`)));
}

export function time(date: Date): HTMLTimeElement {
  return make('time', { dateTime: date.toISOString() }, DATE.format(date));
}

/** `3 records`, `1 record`. */
export function count(number: number, singular: string): string {
  return `${NUMBER.format(number)} ${singular}${number === 1 ? '' : 's'}`;
}

/** `812 bytes`, `48.1 kB`, `2.5 GB`. */
export function size(bytes: number): string {
  const units = ['kB', 'MB', 'GB', 'TB'];
  if (bytes < 1000) return count(bytes, 'byte');
  const power = Math.min(Math.floor(Math.log10(bytes) / 3), units.length);
  return `${NUMBER.format(bytes / 1000 ** power)} ${units[power - 1] ?? ''}`;
}
