import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import type { WebDriver } from 'selenium-webdriver';
import type { CommandOf } from '../faults/undriven.ts';
import type { Candidate } from '../program.ts';
import { freePort } from './free-port.ts';
import { missingFile, installed } from './installed.ts';
import { pagesOf, type Driver } from './pages.ts';
import { serve } from './site.ts';

const BROWSER = '/usr/lib/x86_64-linux-gnu/webkit2gtk-4.1/MiniBrowser';
const PROGRAMS = ['/usr/bin/Xvfb', '/usr/bin/WebKitWebDriver', BROWSER];
const NO_LIMIT = 600_000;

/** A screen that nobody sees. */
async function startScreen(): Promise<{ display: string; process: ChildProcess }> {
  const process = spawn('Xvfb', ['-displayfd', '3', '-nolisten', 'tcp'], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  });
  for await (const line of createInterface({ input: process.stdio[3] as Readable }))
    return { display: `:${line}`, process };
  throw new Error('Xvfb has no display');
}

/** WebKit draws by itself: there is nothing else here that could. */
function environmentOf(display: string) {
  return { DISPLAY: display, WEBKIT_DISABLE_COMPOSITING_MODE: '1' };
}

/** Where the desktop keeps what is a user's own. */
function homeOf(folder: string) {
  return { XDG_DATA_HOME: `${folder}/data`, XDG_CACHE_HOME: `${folder}/cache`, XDG_CONFIG_HOME: `${folder}/config` };
}

async function startDriver(display: string): Promise<{ url: string; process: ChildProcess }> {
  const port = await freePort();
  const env = { ...process.env, ...environmentOf(display) };
  const driver = spawn('WebKitWebDriver', [`--port=${String(port)}`, '--host=127.0.0.1'], { stdio: 'ignore', env });
  const url = `http://127.0.0.1:${String(port)}`;
  while (
    !(await fetch(`${url}/status`).then(
      ({ ok }) => ok,
      () => false,
    ))
  ) {
    if (driver.exitCode !== null) throw new Error('WebKitWebDriver has ended');
    await sleep(25);
  }
  return { url, process: driver };
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill();
  await ended;
}

/** A session is one window at a time: whoever uses it waits for the one before. */
class Session implements Driver {
  readonly version: string;
  readonly #driver: WebDriver;
  readonly #home: string;
  readonly #stop: () => Promise<void>;
  #turn: Promise<unknown> = Promise.resolve();

  /** @param home a tab that stays: without one there could be no other */
  constructor(version: string, driver: WebDriver, home: string, stopAll: () => Promise<void>) {
    this.version = version;
    this.#driver = driver;
    this.#home = home;
    this.#stop = stopAll;
  }

  async open(url: string) {
    const driver = this.#driver;
    const handle = await this.#next(async () => {
      await driver.switchTo().window(this.#home);
      await driver.switchTo().newWindow('tab');
      await driver.get(url);
      return driver.getWindowHandle();
    });
    const inTab = <T>(work: () => Promise<T>) =>
      this.#next(async () => {
        await driver.switchTo().window(handle);
        return work();
      });
    return {
      call: (name: string, ...args: unknown[]) => inTab(() => callIn(driver, name, args)),
      go: (to: string) => inTab(() => driver.get(to)),
      close: () => inTab(() => driver.close()),
    };
  }

  #next<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#turn.then(work);
    this.#turn = turn.catch(() => undefined);
    return turn;
  }

  close(): Promise<void> {
    return this.#stop();
  }
}

async function callIn(driver: WebDriver, name: string, args: readonly unknown[]): Promise<unknown> {
  const outcome = (await driver.executeAsyncScript(
    `const [name, args, done] = arguments;
    const call = () => name in globalThis ? globalThis[name](...args) : new Promise((r) => setTimeout(r, 20)).then(call);
    call().then((value) => done({ value }), (error) => done({ error: String(error.stack ?? error) }));`,
    name,
    args,
  )) as { value: unknown } | { error: string };
  if ('error' in outcome) throw new Error(outcome.error);
  return outcome.value;
}

async function startSession(screen: { display: string; process: ChildProcess }): Promise<Driver> {
  const { Builder } = await import('selenium-webdriver');
  const server = await startDriver(screen.display);
  const driver = await new Builder()
    .usingServer(server.url)
    .withCapabilities({
      browserName: 'MiniBrowser',
      'webkitgtk:browserOptions': { binary: BROWSER, args: ['--automation'] },
    })
    .build();
  await driver.manage().setTimeouts({ script: NO_LIMIT });
  const version = String((await driver.getCapabilities()).get('browserVersion'));
  return new Session(version, driver, await driver.getWindowHandle(), async () => {
    await driver.quit();
    await stop(server.process);
    await stop(screen.process);
  });
}

export const webkit: Candidate = {
  name: 'WebKit',
  missing() {
    const program = PROGRAMS.find((path) => !existsSync(path));
    if (program !== undefined) return 'apt-get install webkit2gtk-driver xvfb xauth brings it';
    return missingFile(installed('selenium-webdriver'));
  },
  async start(folder) {
    const screen = await startScreen();
    const [driver, site] = [await startSession(screen), await serve(join(folder, 'site'))];
    const commandOf: CommandOf = async (profile, url) => ({
      path: BROWSER,
      args: [url],
      env: { ...environmentOf(screen.display), ...homeOf(profile) },
    });
    // What a page puts into IndexedDB in its `pagehide` is not there afterwards, committed or not.
    return pagesOf({ driver, site, commandOf, keepsLastWrites: false });
  },
};
