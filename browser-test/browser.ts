import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type BrowserContext, type CDPSession, type Page } from 'playwright-core';
import { inject } from 'vitest';

const FLAGS = [
  ...['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'],
  ...['--disable-component-update', '--disable-sync'],
];

export const ORIGIN = `http://localhost:${String(inject('port'))}`;
/** Another site. */
export const ELSEWHERE = `http://127.0.0.1:${String(inject('port'))}`;

/** A browser with a profile on the disk, as a user has one. */
export class Browser {
  readonly profile: string;
  readonly #context: BrowserContext;
  /** What was thrown in a page and caught by nobody. */
  readonly errors: unknown[] = [];

  constructor(profile: string, context: BrowserContext) {
    this.profile = profile;
    this.#context = context;
  }

  static async start(profile?: string): Promise<Browser> {
    const folder = profile ?? (await mkdtemp(join(tmpdir(), 'boardlite-browser-')));
    const options = { executablePath: inject('chromium'), headless: true, args: FLAGS };
    return new Browser(folder, await chromium.launchPersistentContext(folder, options));
  }

  /** Opens a page that has the library, and says so when it is ready. */
  async open(path = '/', origin = ORIGIN): Promise<Page> {
    const page = await this.#context.newPage();
    page.on('pageerror', (error) => this.errors.push(error));
    await page.goto(`${origin}${path}`);
    return page;
  }

  control(page: Page): Promise<CDPSession> {
    return this.#context.newCDPSession(page);
  }

  /** All but one: without any, a browser ends. */
  async closePages(): Promise<void> {
    const pages = this.#context.pages();
    await Promise.all(pages.slice(1).map((page) => page.close()));
  }

  /** Closes the browser in good order, and keeps its profile. */
  async quit(): Promise<void> {
    await this.#context.close();
  }

  async remove(): Promise<void> {
    await this.quit();
    await rm(this.profile, { recursive: true, force: true, maxRetries: 5 });
  }
}
