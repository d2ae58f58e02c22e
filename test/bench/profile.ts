import { mkdtempSync, rmSync } from 'node:fs';
import { Session as Inspector, type Profiler } from 'node:inspector';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { BoardData } from './boards.ts';
import { contestants } from './contestants/all.ts';
import { digits, printTable } from './report.ts';
import { MOST_PUBLISHED, reads, writes, type Work } from './work.ts';

const { values: options } = parseArgs({
  options: {
    size: { type: 'string', default: '10000' },
    work: { type: 'string', multiple: true, default: ['publish one by one', 'get by id'] },
    only: { type: 'string', multiple: true, default: ['boardlite memory', 'boardlite sqlite', 'boardlite file'] },
  },
});
const SAMPLE_MICROS = 200;
const WARM_UP = 40;
const ROUNDS = 100;

/** What a function of the library does, with all that it calls and that is no part by itself. */
const PARTS: Readonly<Record<string, string>> = {
  '(idle)': 'waiting for the system',
  '(garbage collector)': 'garbage collection',
  prepareDrafts: 'checking the draft',
  checkId: 'checking the draft',
  copyPayload: 'copying the payload',
  carryOut: 'the call and its turn',
  take: 'the call and its turn',
  run: 'the call and its turn',
  proceed: 'the call and its turn',
  record: 'the call and its turn',
  '#carryOutGroup': 'the call and its turn',
  '#put': 'the board in memory',
  artifactRow: 'rows from artifacts, and back',
  readArtifact: 'rows from artifacts, and back',
  toArtifact: 'rows from artifacts, and back',
  encodeFacts: 'the record of the log',
  encodeRecord: 'the record of the log',
  encodeFrame: 'the record of the log',
  decodeFrame: 'the record of the log',
  append: 'the file',
  '#append': 'the file',
  '#answer': 'SQLite',
  '#prepare': 'SQLite',
};
const SOURCES = /\/dist\/|^$/;

/** What the bench itself does between the calls. */
const OWN = new Set(['entries', 'ids', 'questionByProducer', 'questionByTag']);

/** The share of each part in a profile. */
function sharesOf({ nodes, samples = [], timeDeltas = [] }: Profiler.Profile): Map<string, number> {
  const parents = new Map(nodes.flatMap(({ id, children = [] }) => children.map((child) => [child, id] as const)));
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const partOf = (id: number | undefined): string | null => {
    const node = id === undefined ? undefined : byId.get(id);
    if (node === undefined) return 'all else';
    const { functionName, url } = node.callFrame;
    if (OWN.has(functionName)) return null;
    if (url.startsWith('wasm:')) return 'SQLite';
    return (SOURCES.test(url) ? PARTS[functionName] : undefined) ?? partOf(parents.get(node.id));
  };
  const times = new Map<string, number>();
  let total = 0;
  samples.forEach((id, i) => {
    const [part, time] = [partOf(id), timeDeltas[i] ?? 0];
    if (part === null) return;
    times.set(part, (times.get(part) ?? 0) + time);
    total += time;
  });
  return new Map([...times].map(([part, time]) => [part, time / total]));
}

async function profiled(work: () => Promise<void>): Promise<Profiler.Profile> {
  const inspector = new Inspector();
  inspector.connect();
  const post = (method: string, params: object = {}) =>
    new Promise<object | undefined>((resolve, reject) => {
      inspector.post(method, params, (error, result) => (error === null ? resolve(result) : reject(error)));
    });
  await post('Profiler.enable');
  await post('Profiler.setSamplingInterval', { interval: SAMPLE_MICROS });
  await post('Profiler.start');
  await work();
  const { profile } = (await post('Profiler.stop')) as Profiler.StopReturnType;
  inspector.disconnect();
  return profile;
}

async function profile(name: string, works: readonly Work[], data: BoardData, folder: string): Promise<void> {
  const session = await (await contestants[name]?.())?.open(folder);
  if (session === undefined) throw new Error(`no contestant is called ${name}`);
  for (let from = 0; from < data.size; from += MOST_PUBLISHED) {
    await session.load(data.entries(from, Math.min(MOST_PUBLISHED, data.size - from)));
  }
  let next = data.size;
  for (const work of works) {
    const samples: number[] = [];
    const round = async () => {
      const sample = await work.run(session, data, (next += MOST_PUBLISHED) - MOST_PUBLISHED);
      if (sample !== null) samples.push((sample.ms * 1000) / sample.calls);
    };
    for (let i = 0; i < WARM_UP; i++) await round();
    samples.length = 0;
    const shares = sharesOf(
      await profiled(async () => {
        for (let i = 0; i < ROUNDS; i++) await round();
      }),
    );
    const micros = samples.reduce((sum, sample) => sum + sample, 0) / samples.length;
    console.log(`\n${name}, ${work.name}: ${digits(micros)} microseconds per ${work.unit} while profiled`);
    printTable(
      [...shares]
        .sort(([, a], [, b]) => b - a)
        .map(([part, share]) => [`  ${part}`, `${String(Math.round(share * 100))} %`]),
    );
  }
  await session.close();
}

const data = new BoardData(Number(options.size));
const works = [...reads, ...writes].filter(({ name }) => options.work.includes(name));
const folder = mkdtempSync(join(tmpdir(), 'boardlite-profile-'));
try {
  for (const name of options.only) await profile(name, works, data, mkdtempSync(join(folder, 'board-')));
} finally {
  rmSync(folder, { recursive: true, force: true });
}
