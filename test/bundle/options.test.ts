import { expect, it } from 'vitest';
import { exportBundle, importBundle } from '../../src/bundle.ts';
import { createMemoryStore, type BlackboardStore } from '../../src/index.ts';

const [read, write]: [
  (store: BlackboardStore, options: unknown) => AsyncGenerator<string>,
  (store: BlackboardStore, source: readonly string[], options: unknown) => Promise<unknown>,
] = [exportBundle as never, importBundle as never];

const NOTE = { type: 'app.Note', producedBy: 'scout', payload: { text: 'hello' } };
const OPTIONS: [options: unknown, words: string][] = [
  [{ signal: 'stop' }, '"signal" must be an AbortSignal, got "stop"'],
  [{ onProgress: true }, '"onProgress" must be a function, got true'],
  [{ onprogress: () => undefined }, '"onprogress"'],
  [null, 'null'],
];

it.each<[options: unknown, words: string]>([
  [{ dryrun: true }, '"dryrun"'],
  [{ dryRun: 'yes' }, '"dryRun" must be true or false, got "yes"'],
  [{ onConflict: 'ask' }, '"onConflict" must be "fail", "skip" or "replace", got "ask"'],
  ...OPTIONS,
])('an import with %j is refused, and writes nothing', async (options, words) => {
  const [from, to] = [createMemoryStore(), createMemoryStore()];
  await from.publish(NOTE);
  const bundle: string[] = [];
  for await (const line of exportBundle(from)) bundle.push(line);
  await expect(write(to, bundle, options)).rejects.toMatchObject({
    code: 'invalid-argument',
    message: expect.stringContaining('Cannot import the bundle') as string,
  });
  await expect(write(to, bundle, options)).rejects.toThrow(words);
  expect(await to.list()).toEqual([]);
});

it.each(OPTIONS)('an export with %j is refused', async (options, words) => {
  const lines = read(createMemoryStore(), options);
  await expect(lines.next()).rejects.toMatchObject({
    code: 'invalid-argument',
    message: expect.stringContaining(words) as string,
  });
});
