import { runInNewContext } from 'node:vm';
import { beforeAll, describe, expect, it } from 'vitest';
import { importBundle } from '../../src/bundle/import-bundle.ts';
import type { Pieces } from '../../src/bundle/pieces.ts';
import { splitLines } from '../../src/bundle/split-lines.ts';
import { agent, consumption, entry, note } from '../../src/contract/samples.ts';
import { BlackboardError } from '../../src/core/errors.ts';
import type { BlackboardStore } from '../../src/core/store.ts';
import { createMemoryStore } from '../../src/memory/memory-store.ts';
import { exported } from './bundles.ts';

let text = '';
let bytes = new Uint8Array();

beforeAll(async () => {
  const store = createMemoryStore();
  await store.publishMany([entry(1, { payload: { text: 'naïve 𝄞' } }), entry(2, { type: 'Task' })]);
  await store.recordConsumptions([consumption(1)]);
  await store.upsertAgentSnapshot(agent('scribe'));
  text = await exported(store);
  bytes = new TextEncoder().encode(text);
});

/** What an import is refused with; it must not have written. */
async function refusal(pieces: Pieces): Promise<string> {
  const store = createMemoryStore();
  const error = await importBundle(store, () => pieces).then(
    () => null,
    (reason: unknown) => reason,
  );
  if (!(error instanceof BlackboardError)) throw new Error('The bundle was taken', { cause: error });
  expect((await store.stats()).sequence).toBe(0);
  return `${error.code}: ${error.message}`;
}

describe('a bundle is refused, and nothing of it written,', () => {
  it('wherever it is cut off', async () => {
    for (let length = 0; length < bytes.length; length++) {
      expect(await refusal([bytes.subarray(0, length)]), `after ${String(length)} bytes`).toMatch(/^corrupt: /);
    }
  });

  it('whichever bit of it is flipped', async () => {
    for (let place = 0; place < bytes.length; place++) {
      for (let bit = 0; bit < 8; bit++) {
        const changed = bytes.slice();
        changed[place] = (bytes[place] ?? 0) ^ (1 << bit);
        expect(await refusal([changed]), `bit ${String(bit)} of byte ${String(place)}`).toMatch(
          /^(corrupt|newer-format): /,
        );
      }
    }
  });

  it('whichever byte becomes a space or a line end', async () => {
    for (let place = 0; place < bytes.length; place++) {
      for (const other of [0x20, 0x0a, 0x0d]) {
        if (bytes[place] === other) continue;
        const changed = bytes.slice();
        changed[place] = other;
        expect(await refusal([changed])).toMatch(/^corrupt: /);
      }
    }
  });

  it('whatever follows it', async () => {
    for (const more of ['\n', ' ', '{}\n', text])
      expect(await refusal([text, more])).toMatch(/follows its last line|cut off/);
  });

  it('and says what was found', async () => {
    const lines = text.trimEnd().split('\n');
    const upTo = (count: number) =>
      lines
        .slice(0, count)
        .map((line) => `${line}\n`)
        .join('');
    expect(await refusal([''])).toBe('corrupt: Cannot import the bundle: it is empty, or cut off in its first line');
    expect(await refusal([upTo(3)])).toBe(
      'corrupt: Cannot import the bundle: it is cut off after line 3: it holds 1 artifacts, 1 consumptions and 0 agents ' +
        'of 2 artifacts, 1 consumptions and 1 agents, and no last line',
    );
    expect(await refusal(['SQLite format 3\n'])).toBe(
      'corrupt: Cannot import the bundle: it is no bundle: its first line is "SQLite format 3"',
    );
    expect(await refusal([text.replace('naïve', 'naive')])).toBe(
      'corrupt: Cannot import the bundle: it was changed: its checksum does not fit',
    );
    expect(await refusal([upTo(3), 'nonsense\n'])).toBe(
      'corrupt: Cannot import the bundle: line 4 is not as it was exported: "nonsense"',
    );
    expect(await refusal([text.replace('"format":1', '"format":12')])).toBe(
      'newer-format: Cannot import the bundle: it has version 12 of the format, and this library knows versions up to 1',
    );
  });

  it('when another one comes the second time it is read', async () => {
    const other = createMemoryStore();
    await other.publish(note());
    const texts = [text, await exported(other)];
    const importing = importBundle(createMemoryStore(), () => [texts.shift() ?? '']);
    await expect(importing).rejects.toMatchObject({ code: 'conflict' });
  });
});

describe('pieces are taken', () => {
  const ways: Readonly<Record<string, () => Pieces>> = {
    'as a text': () => text,
    'as bytes': () => bytes,
    'as the bytes of a file': () => Buffer.from(bytes),
    'as bytes of another realm': () => runInNewContext('Uint8Array.from(bytes)', { bytes }) as Uint8Array,
    'as one text in a list': () => [text],
    'one character of UTF-16 at a time': () => text.split(''),
    'one byte at a time': () => Array.from(bytes, (byte) => new Uint8Array([byte])),
    'as a stream of the web': () => new Blob([text]).stream(),
    'as a stream of text': () => new Blob([text]).stream().pipeThrough(new TextDecoderStream()),
    'from a generator, whose memory is used again': function* () {
      const memory = new Uint8Array(3);
      for (let start = 0; start < bytes.length; start += 3) {
        const piece = bytes.subarray(start, start + 3);
        memory.set(piece);
        yield memory.subarray(0, piece.length);
      }
    },
    'from a generator of buffers, whose memory is used again': function* () {
      const memory = Buffer.alloc(3);
      for (let start = 0; start < bytes.length; start += 3) {
        yield memory.subarray(0, Buffer.from(bytes).copy(memory, 0, start));
      }
    },
  };

  it.each(Object.entries(ways))('%s, once and anew', async (_, pieces) => {
    for (const source of [pieces(), pieces, async () => pieces()]) {
      const store = createMemoryStore();
      await importBundle(store, source);
      expect(await exported(store)).toBe(text);
    }
  });

  it.each<[string, unknown, string]>([
    ['nothing', undefined, 'the source must be text, bytes, or an iterable or stream of these, got undefined'],
    ['null', null, 'got null'],
    ['a number', 5, 'got 5'],
    ['a promise of nothing', Promise.resolve(), 'got undefined'],
    ['a map', new Map([[1, '']]), 'must give text or bytes, got [1,""]'],
    ['an object', {}, 'got {}'],
    ['a function that opens nothing', () => undefined, 'the source must be text, bytes, or'],
    ['a list of numbers', [1, 2], 'the source must give text or bytes, got 1'],
    ['bytes of another width', new Uint16Array([1]), 'the source must give text or bytes, got 1'],
    ['a stream of objects', new ReadableStream({ start: (it) => it.enqueue({}) }), 'must give text or bytes, got {}'],
  ])('but not %s', async (_, source, problem) => {
    const untyped: (store: BlackboardStore, source: unknown) => Promise<unknown> = importBundle as never;
    const importing = untyped(createMemoryStore(), source);
    await expect(importing).rejects.toMatchObject({
      code: 'invalid-argument',
      message: expect.stringContaining(problem) as string,
    });
    await expect(importing).rejects.toThrow('Cannot import the bundle: ');
  });

  it('and the source is let go when it gives something else', async () => {
    let isOpen = true;
    const source = async function* () {
      try {
        yield 5 as never;
      } finally {
        isOpen = false;
      }
    };
    await expect(importBundle(createMemoryStore(), source)).rejects.toMatchObject({ code: 'invalid-argument' });
    expect(isOpen).toBe(false);
  });

  it('and the source is let go when the import ends early', async () => {
    let isOpen = true;
    const source = async function* () {
      try {
        yield '{}\n';
        yield 'more';
      } finally {
        isOpen = false;
      }
    };
    await expect(importBundle(createMemoryStore(), source)).rejects.toMatchObject({ code: 'corrupt' });
    expect(isOpen).toBe(false);
  });

  it('line by line, the last one with or without an end', async () => {
    const found: [string, boolean][] = [];
    for await (const { bytes: line, isWhole } of splitLines(['a\n\nb', 'c\n', 'd'])) {
      found.push([new TextDecoder().decode(line), isWhole]);
    }
    expect(found).toEqual([
      ['a', true],
      ['', true],
      ['bc', true],
      ['d', false],
    ]);
  });
});
