import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { chromium, type BrowserContext, type CDPSession, type Page } from 'playwright-core';
import { inject } from 'vitest';

/** How to wait in a page that may be behind another one, where the frames that are counted otherwise are not drawn. */
export const BY_CLOCK = { polling: 50 };

const FLAGS = [
  ...['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-sync'],
  ...['--disable-background-networking', '--disable-component-update', '--remote-debugging-port=0'],
];

export const ORIGIN = `http://localhost:${String(inject('port'))}`;
/** Another site. */
export const ELSEWHERE = `http://127.0.0.1:${String(inject('port'))}`;

/**
 * A browser with a profile on the disk, as a user has one. It is started here and not by its driver, which would have it
 * pretend that every page is in front.
 */
export class Browser {
  readonly profile: string;
  /** What was thrown in a page and caught by nobody. */
  readonly errors: unknown[] = [];
  readonly #process: ChildProcess;
  readonly #context: BrowserContext;

  constructor(profile: string, process: ChildProcess, context: BrowserContext) {
    this.profile = profile;
    this.#process = process;
    this.#context = context;
  }

  /** @param profile of a browser that has ended; a new one unless given */
  static async start(profile?: string): Promise<Browser> {
    const folder = profile ?? (await mkdtemp(join(tmpdir(), 'boardlite-browser-')));
    await rm(portFile(folder), { force: true });
    const args = [...FLAGS, `--user-data-dir=${folder}`, 'about:blank'];
    const process = spawn(inject('chromium'), args, { detached: true, stdio: 'ignore' });
    const driver = await chromium.connectOverCDP(`http://127.0.0.1:${await portOf(folder, process)}`, {
      noDefaults: true,
    });
    const [context] = driver.contexts();
    if (context === undefined) throw new Error('the browser has no window');
    return new Browser(folder, process, context);
  }

  /** Opens a page; one at `/` has the library. A script may prepare it, before anything else runs in it. */
  async open(path = '/', origin = ORIGIN, script?: () => void): Promise<Page> {
    return this.#go(await this.#context.newPage(), `${origin}${path}`, script);
  }

  /** Opens a page in a window of its own: it is in view whatever other pages do, and they are when it is. */
  async openWindow(): Promise<Page> {
    const [first] = this.#context.pages();
    if (first === undefined) throw new Error('the browser has no window');
    const control = await this.control(first);
    const [page] = await Promise.all([
      this.#context.waitForEvent('page'),
      control.send('Target.createTarget', { url: 'about:blank', newWindow: true }),
    ]);
    await control.detach();
    return this.#go(page, `${ORIGIN}/`);
  }

  async #go(page: Page, url: string, script?: () => void): Promise<Page> {
    if (script !== undefined) await page.addInitScript(script);
    page.on('pageerror', (error) => this.errors.push(error));
    await page.goto(url);
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

  /** Ends the browser in good order, and keeps its profile. */
  async quit(): Promise<void> {
    const [page] = this.#context.pages();
    if (this.#hasEnded || page === undefined) return this.kill();
    const ended = once(this.#process, 'exit');
    const control = await this.control(page);
    await control.send('Browser.close').catch(() => undefined);
    await ended;
  }

  /** Ends all of its processes at once, as a lack of memory does. */
  async kill(): Promise<void> {
    const { pid } = this.#process;
    if (this.#hasEnded || pid === undefined) return;
    const ended = once(this.#process, 'exit');
    process.kill(-pid, 'SIGKILL');
    await ended;
  }

  async remove(): Promise<void> {
    await this.quit();
    await rm(this.profile, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  }

  get #hasEnded(): boolean {
    return this.#process.exitCode !== null || this.#process.signalCode !== null;
  }
}

function portFile(profile: string): string {
  return join(profile, 'DevToolsActivePort');
}

/** The port that a browser lets itself be driven through, once it has written it down. */
async function portOf(profile: string, browser: ChildProcess): Promise<string> {
  for (;;) {
    const [port] = (await readFile(portFile(profile), 'utf8').catch(() => '')).split('\n');
    if (port) return port;
    if (browser.exitCode !== null) throw new Error(`Chromium has ended with ${String(browser.exitCode)}`);
    await sleep(20);
  }
}
