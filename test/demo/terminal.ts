/** What is shown fits in; only paths, which somebody may want to copy, are never cut. */
export const WIDTH = 80;
const MS_BETWEEN_DRAWINGS = 60;

/** What the demo writes to: `process.stdout`, say. */
export interface Screen {
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
  write(text: string): unknown;
}

/** Writes lines, and where somebody watches a line that changes in place. */
export class Terminal {
  readonly #screen: Screen;
  readonly #isLive: boolean;
  #drawnAt = -Infinity;

  constructor(screen: Screen) {
    this.#screen = screen;
    this.#isLive = screen.isTTY === true && process.env['TERM'] !== 'dumb';
  }

  lines(texts: readonly string[]): void {
    this.#erase();
    for (const text of texts) this.#screen.write(`${cut(text, Infinity)}\n`);
  }

  /** Shows where things stand until the next line, in no more drawings than an eye can follow. */
  progress(text: string): void {
    const now = performance.now();
    if (!this.#isLive || now - this.#drawnAt < MS_BETWEEN_DRAWINGS) return;
    this.#erase();
    // A full last column would make some terminals go on in the next line.
    this.#screen.write(cut(text, Math.min(WIDTH, this.#screen.columns ?? WIDTH) - 1));
    this.#drawnAt = now;
  }

  #erase(): void {
    if (this.#drawnAt === -Infinity) return;
    this.#screen.write('\r\u001b[K');
    this.#drawnAt = -Infinity;
  }
}

/** The text on one line of at most so many characters. Packages can say anything, escape codes included. */
export function cut(text: string, width: number): string {
  const characters = [...text.replace(/\p{Cc}+/gu, ' ').trimEnd()];
  return characters.length <= width ? characters.join('') : `${characters.slice(0, width - 1).join('')}…`;
}

/** Rows with their columns under each other; a column of numbers alone is aligned right. */
export function table(rows: readonly (readonly (string | number)[])[]): string[] {
  const columns = Math.max(0, ...rows.map((row) => row.length));
  const widths = Array.from({ length: columns }, (_, i) => Math.max(...rows.map((row) => String(row[i] ?? '').length)));
  return rows.map((row) =>
    row
      .map((cell, i) =>
        typeof cell === 'number' ? String(cell).padStart(widths[i] ?? 0) : cell.padEnd(widths[i] ?? 0),
      )
      .join('  ')
      .trimEnd(),
  );
}

/** `3 packages`, `1 package`. */
export function count(number: number, singular: string): string {
  return `${String(number)} ${singular}${number === 1 ? '' : 's'}`;
}
