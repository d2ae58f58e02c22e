import { readFile } from 'node:fs/promises';
import { expect, it, onTestFinished } from 'vitest';
import { startDemo, type Demo } from './demo-command.ts';

async function start(...args: readonly string[]): Promise<Demo> {
  const demo = await startDemo(...args);
  onTestFinished(async () => {
    await demo.interrupt();
  });
  return demo;
}

it('the demo has a command, and the README names it', async () => {
  const [manifest, readme] = await Promise.all(
    ['package.json', 'README.md'].map((name) => readFile(new URL(`../${name}`, import.meta.url), 'utf8')),
  );
  expect(manifest).toContain('"demo:web": "node browser-test/demo/run.mjs"');
  expect(readme).toMatch(/^npm run demo:web /m);
});

it('the demo tells its address in one line, takes the next free port, and ends well on Ctrl-C', async () => {
  const demos = [await start(), await start()];
  const [one, other] = demos.map(({ origin }) => origin);
  expect(one).not.toBe(other);
  for (const { origin } of demos) {
    const answer = await fetch(`${origin}/`);
    expect(await answer.text()).toContain('<h1>boardlite</h1>');
  }
  const line = `The demo is at ${String(other)}/ (Ctrl-C ends it)\n`;
  expect(await demos[1]?.interrupt()).toEqual({ code: 0, output: line });
  await expect(fetch(`${String(other)}/`)).rejects.toThrow('fetch failed');
  // Which is free again.
  const again = await start(new URL(String(other)).port);
  expect(again.origin).toBe(other);
});

it('the demo says in one sentence what is wrong with its port', async () => {
  const demo = await start();
  const { port } = new URL(demo.origin);
  await expect(start('80 80')).rejects.toThrow(
    'ended with 2: Cannot serve the demo on port "80 80": a port is a number from 1 to 65535\n',
  );
  await expect(start(port)).rejects.toThrow(
    new RegExp(`ended with 1: Cannot serve the demo on port "${port}": .*address already in use.*\n$`),
  );
});
