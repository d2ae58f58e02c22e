/** Characters that a terminal obeys instead of showing them. */
const CONTROL = /[\p{Cc}\p{Bidi_Control}\u2028\u2029]/gu;

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

/** Text from a board in one line of a terminal, which it cannot command. */
export function visible(text: string): string {
  return text.replace(CONTROL, escaped);
}

/** A value as JSON for programs, which means the same wherever it is shown. */
export function toJson(value: unknown, indent?: number): string {
  return JSON.stringify(value, null, indent).replace(/[\u007f-\u009f\p{Bidi_Control}\u2028\u2029]/gu, escaped);
}

/** An instant as people read it, to the second, in UTC. */
export function moment(date: Date): string {
  return date.toISOString().slice(0, 19).replace('T', ' ');
}

/** At most so many characters, with a sign that there were more. */
export function clip(text: string, width: number): string {
  const characters = [...text];
  return characters.length <= width ? text : `${characters.slice(0, Math.max(0, width - 1)).join('')}…`;
}

/** No column but the last is wider: a UUID fits, and what is longer leaves room for others. */
const WIDEST = 36;

/** Lines of columns, the first of them headings; none is longer than the width. */
export function table(headings: readonly string[], rows: readonly (readonly string[])[], width: number): string[] {
  const last = headings.length - 1;
  const cells = [headings, ...rows].map((row) =>
    row.map((cell, i) => (i === last ? visible(cell) : clip(visible(cell), WIDEST))),
  );
  const widths = headings.map((_, i) => longest(cells.map((row) => row[i] ?? '')));
  return cells.map((row) =>
    clip(
      row
        .map((cell, i) => pad(cell, widths[i] ?? 0))
        .join('  ')
        .trimEnd(),
      width,
    ),
  );
}

/** Names and values below each other. */
export function pairs(entries: readonly (readonly [name: string, value: string])[]): string[] {
  const shown = entries.map(([name, value]) => [visible(name), visible(value)] as const);
  const width = longest(shown.map(([name]) => name));
  return shown.map(([name, value]) => `${pad(name, width)}  ${value}`.trimEnd());
}

/** The length of the longest text, however many there are. */
function longest(texts: readonly string[]): number {
  return texts.reduce((most, text) => Math.max(most, [...text].length), 0);
}

function pad(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - [...text].length));
}

/** `1 artifact`, `2 artifacts`. */
export function count(number: number, noun: string): string {
  return `${String(number)} ${noun}${number === 1 ? '' : 's'}`;
}
