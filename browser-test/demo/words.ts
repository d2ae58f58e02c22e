import { BlackboardError } from 'boardlite';
import { make } from './elements.ts';

const DATE = new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeStyle: 'medium' });
const NUMBER = new Intl.NumberFormat('en', { maximumFractionDigits: 1 });

/** What went wrong, in words, led by the code where it has one. */
export function failureInWords(error: unknown): (Node | string)[] {
  const text = error instanceof Error ? error.message : String(error);
  return error instanceof BlackboardError ? [make('code', {}, error.code), ` ${text}`] : [text];
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
