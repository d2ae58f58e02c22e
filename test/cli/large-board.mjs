// @ts-check
// Prints what an export and an import of 100,000 artifacts take, killed on the way too: node test/cli/large-board.mjs
// It needs what `npm run build` makes.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { fileMedium } from 'boardlite/file';
import { openSqliteStore } from 'boardlite/sqlite';

const COUNT = Number(process.argv[2] ?? 100_000);
const program = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));
const folder = await mkdtemp(join(tmpdir(), 'boardlite-large-'));
const board = join(folder, 'board.db');
const bundle = join(folder, 'board.jsonl');
const MB = 1 << 20;

/** A child prints the most memory it ever had, in KB, as its last words. */
const LAST_WORDS = `data:text/javascript,process.on('exit', () => process.stderr.write('\\npeak ' + process.resourceUsage().maxRSS + '\\n'))`;

/**
 * @param {string[]} args
 * @param {number} [killAfter] milliseconds
 * @returns {Promise<{ peak: number, seconds: number, code: number | null }>} the peak in MB
 */
function run(args, killAfter) {
  const start = performance.now();
  const child = spawn(process.execPath, ['--import', LAST_WORDS, program, ...args], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  if (killAfter !== undefined) setTimeout(() => child.kill('SIGKILL'), killAfter);
  let text = '';
  child.stderr.setEncoding('utf8').on('data', (piece) => (text += piece));
  return new Promise((resolve) => {
    child.on('close', (code) => {
      const peak = Number(/peak (\d+)/.exec(text)?.[1] ?? Number.NaN) / 1024;
      if (code !== 0 && killAfter === undefined) console.log(text);
      resolve({ peak, seconds: (performance.now() - start) / 1000, code });
    });
  });
}

/** @param {string} path */
const hashOf = async (path) =>
  createHash('sha256')
    .update(await readFile(path))
    .digest('hex')
    .slice(0, 16);

/** @param {string} what @param {{ peak: number, seconds: number }} outcome @param {number} base */
function print(what, { peak, seconds }, base) {
  console.log(
    `${what.padEnd(42)}${seconds.toFixed(1).padStart(7)} s  peak ${peak.toFixed(0).padStart(5)} MB, ${(peak - base).toFixed(0)} MB above`,
  );
}

const store = await openSqliteStore({ medium: fileMedium(board) });
for (let first = 0; first < COUNT; first += 1000) {
  await store.publishMany(
    Array.from({ length: Math.min(1000, COUNT - first) }, (_, i) => ({
      ...{ type: `films.Type${i % 7}`, producedBy: `agent ${i % 11}`, tags: [`tag ${i % 5}`] },
      payload: { title: `artifact ${first + i}`, text: 'word '.repeat(((first + i) * 37) % 400) },
    })),
  );
}
await store.close();
const size = (await stat(board)).size / MB;
console.log(`${COUNT} artifacts, ${size.toFixed(0)} MB on the disk`);

const opening = await run(['stats', board]);
print('opening the board alone', opening, opening.peak);
print('export', await run(['export', board, bundle]), opening.peak);
console.log(`the bundle: ${((await stat(bundle)).size / MB).toFixed(0)} MB, sha256 ${await hashOf(bundle)}`);

const copy = join(folder, 'copy.db');
const importing = await run(['import', copy, bundle]);
print('import to a new board', importing, opening.peak);
print('import again, all there already', await run(['import', copy, bundle]), opening.peak);

const broken = join(folder, 'broken.db');
let kills = 0;
for (let attempt = 0; attempt < 4; attempt++) {
  const { code } = await run(['import', broken, bundle], importing.seconds * 1000 * (0.3 + Math.random() / 3));
  if (code === null) kills++;
}
print(`import again after ${kills} kills`, await run(['import', broken, bundle]), opening.peak);
for (const path of [copy, broken]) {
  await run(['export', path, `${bundle}.again`, '--force']);
  console.log(
    `${path === copy ? 'the copy' : 'the one that was killed'} exports sha256 ${await hashOf(`${bundle}.again`)}`,
  );
}
await rm(folder, { recursive: true });
