import { beforeEach, describe, expect, it, vi } from 'vitest';
import { Progress } from '../../src/cli/progress.ts';

/** A terminal of which only what is visible in the last line is remembered. */
class Screen {
  readonly isTTY = true;
  line = '';

  write(text: string): void {
    const [before = '', ...erased] = text.split('\r\u001b[K');
    this.line = erased.at(-1) ?? this.line + before;
  }
}

describe('progress', () => {
  let now = 0;
  beforeEach(() => {
    now = 0;
    vi.spyOn(performance, 'now').mockImplementation(() => now);
    return () => vi.restoreAllMocks();
  });

  it('is shown for what takes long', () => {
    const screen = new Screen();
    const progress = new Progress(screen);
    now = 300;
    progress.show('saving', 1, 10);
    expect(screen.line).toBe('');
    now = 1000;
    progress.show('saving', 5, 10);
    expect(screen.line).toBe('saving: 50 %');
  });

  it('goes when all is done, so that what is printed next has a line of its own', () => {
    const screen = new Screen();
    const progress = new Progress(screen);
    now = 1000;
    progress.show('reading', 5, 10);
    now = 1050;
    progress.show('reading', 10, 10);
    expect(screen.line).toBe('');
    // A board that is followed is read again and again.
    now = 2000;
    progress.show('reading', 0, 0);
    expect(screen.line).toBe('');
  });

  it('goes when the work fails', () => {
    const screen = new Screen();
    const progress = new Progress(screen);
    now = 1000;
    progress.show('reading', 5, 10);
    progress.end();
    expect(screen.line).toBe('');
  });

  it('is not shown where nobody looks', () => {
    const screen = Object.assign(new Screen(), { isTTY: false });
    const progress = new Progress(screen);
    now = 1000;
    progress.show('reading', 5, 10);
    expect(screen.line).toBe('');
  });
});
