import type * as SyncFileSystem from 'node:fs';
import type * as FileSystem from 'node:fs/promises';
import { appendFile, cp, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import type { OpenMedium, StoredBoard } from '../../src/persistence/medium.ts';
import { loadFile, openFile } from './boards.ts';
import { CUTS, FlushedFolder } from './flushed-folder.ts';
import { Ledger } from './ledger.ts';
import { temporaryFolder } from './temporary-folder.ts';
import { systemError, watched, type Answer, type Call } from './watched-files.ts';

vi.mock('node:fs/promises', async (original) => {
  const { watchFiles } = await import('./watched-files.ts');
  return watchFiles(await original<typeof FileSystem>());
});

vi.mock('node:fs', async (original) => {
  const { watchSync } = await import('./watched-files.ts');
  return watchSync(await original<typeof SyncFileSystem>());
});

beforeEach(() => watched.reset());

/** What a writer does, step by step. */
type Course = (medium: OpenMedium, ledger: Ledger) => Promise<void>;

const begin: Course = async (medium, ledger) => {
  await ledger.save(medium);
  await ledger.append(medium);
  await ledger.append(medium);
};

interface Story {
  readonly name: string;
  readonly before?: Course;
  /** What the end of the log is found to be after that. */
  readonly tail?: string;
  readonly course: Course;
}

const STORIES: readonly Story[] = [
  { name: 'the first save of a board', course: (medium, ledger) => ledger.save(medium) },
  {
    name: 'appends',
    before: begin,
    course: async (medium, ledger) => {
      for (let n = 0; n < 2; n++) await ledger.append(medium);
    },
  },
  { name: 'a checkpoint', before: begin, course: (medium, ledger) => ledger.save(medium) },
  {
    name: 'a checkpoint, and appends that come meanwhile',
    before: begin,
    course: async (medium, ledger) => {
      const appendAll = async () => {
        for (let n = 0; n < 3; n++) await ledger.append(medium);
      };
      const outcomes = await Promise.allSettled([ledger.save(medium), appendAll()]);
      for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
      await ledger.append(medium);
    },
  },
  {
    name: 'an append and a checkpoint where the log was torn',
    before: begin,
    tail: 'torn',
    course: async (medium, ledger) => {
      await ledger.append(medium);
      await ledger.save(medium);
    },
  },
];

async function boardIn(folder: string): Promise<StoredBoard | null> {
  const medium = await openFile(join(folder, 'board.db'), { readOnly: true });
  try {
    return await medium.load();
  } finally {
    await medium.close();
  }
}

/** The folder as the death of the process leaves it, as a new folder. */
async function copyOf(folder: string): Promise<string> {
  const copy = await mkdtemp(`${folder}-copy-`);
  onTestFinished(() => rm(copy, { recursive: true, force: true }));
  await cp(folder, copy, { recursive: true, filter: (path) => !path.includes('.lock') });
  return copy;
}

/** A board on which the story can begin, opened to write. */
async function started({ before, tail = '' }: Story) {
  const folder = await temporaryFolder();
  const path = join(folder, 'board.db');
  const ledger = new Ledger();
  let medium = await loadFile(path);
  if (before !== undefined) {
    await before(medium, ledger);
    await medium.close();
    await appendFile(`${path}.log`, tail);
    medium = await loadFile(path);
  }
  const flushed = await FlushedFolder.at(folder);
  watched.reset(folder);
  onTestFinished(() => watched.reset());
  return { folder, flushed, ledger, medium };
}

/** Everything that may be left now, by the death of the process and by a power cut. */
async function remains(folder: string, flushed: FlushedFolder): Promise<[how: string, folder: string][]> {
  const cuts = CUTS.map(async (cut) => [`cut with ${JSON.stringify(cut)}`, await flushed.cut(cut)] as [string, string]);
  return [['death', await copyOf(folder)], ...(await Promise.all(cuts))];
}

describe('after the death of the process or a power cut at any step, everything accepted is there:', () => {
  it.each(STORIES.map((story) => [story.name, story] as const))('%s', async (_, story) => {
    const { folder, flushed, ledger, medium } = await started(story);
    const problems: string[] = [];
    watched.after = async (call, path) => {
      await flushed.saw(call, path);
      if (['read', 'stat', 'close'].includes(call) || path.includes('.lock')) return;
      for (const [how, left] of await remains(folder, flushed)) {
        const problem = await boardIn(left).then((board) => ledger.problemOf(board), String);
        if (problem !== null) problems.push(`${how} after call ${watched.calls.length}, ${call} ${path}: ${problem}`);
      }
    };
    await story.course(medium, ledger);
    expect(watched.calls).toContain('write');
    expect(problems).toEqual([]);
  });
});

/** What a call that failed may have done all the same. */
const MAY_HAVE_HAPPENED: readonly Call[] = ['write', 'sync', 'datasync', 'truncate', 'rename', 'rm', 'close'];

describe('when one call of the system fails, whichever it is, the next try goes well and everything accepted is there:', () => {
  it.each(
    STORIES.flatMap((story) => [
      [story.name, 'nothing happened', story] as const,
      [story.name, 'it happened all the same', story] as const,
    ]),
  )('%s, where %s', async (_, outcome, story) => {
    const isCarriedOut = outcome === 'it happened all the same';
    for (let failing = 0, failed: string | null = ''; failed !== null; failing++) {
      const { folder, flushed, ledger, medium } = await started(story);
      let calls = 0;
      failed = null;
      const strike: Answer = (call, path) => {
        const isOfKind = isCarriedOut ? MAY_HAVE_HAPPENED.includes(call) : call !== 'close';
        if (path.includes('.lock') || !isOfKind || calls++ !== failing) return undefined;
        failed = `${call} ${path}`;
        return systemError('EIO');
      };
      if (isCarriedOut) watched.protest = strike;
      else watched.answer = strike;
      watched.after = (call, path) => flushed.saw(call, path);
      await story.course(medium, ledger).catch((error: unknown) => {
        throw new Error(`After a failure of ${failed}`, { cause: error });
      });
      watched.reset();
      for (const [how, left] of await remains(folder, flushed)) {
        expect(ledger.problemOf(await boardIn(left)), `${how} after a failure of ${failed}`).toBeNull();
      }
      expect(ledger.problemOf(await medium.load()), `after a failure of ${failed}`).toBeNull();
      await medium.close();
    }
  });
});
