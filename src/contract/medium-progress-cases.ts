import type { OpenMedium, Progress, WorkOptions } from '../persistence/medium.ts';
import { equal, rejection } from './assert.ts';
import { holds } from './medium-assert.ts';
import { mediumCasesOf } from './medium-case.ts';
import { bytesOf, History, saveTo, startBoard } from './medium-samples.ts';

const SIZE = 3_500_000;

/** What the work reports from its beginning to its end. */
async function watched(work: (options: WorkOptions) => Promise<unknown>): Promise<Progress[]> {
  const reports: Progress[] = [];
  await work({ onProgress: (progress) => void reports.push({ ...progress }) });
  return reports;
}

function isWhole(reports: readonly Progress[], phase: Progress['phase']): void {
  const last = reports.at(-1);
  equal(last, { phase, done: SIZE, total: SIZE }, 'the last report');
  for (const [i, report] of reports.entries()) {
    equal([report.phase, report.total], [phase, SIZE], 'the phase and the total');
    equal(report.done >= (reports[i - 1]?.done ?? 0), true, `whether report ${String(i)} goes on from the one before`);
  }
}

/** How the work ends when it is aborted at its first report: with the reason, or, where that was too late, with true. */
async function aborted(work: (options: WorkOptions) => Promise<unknown>, reason: unknown): Promise<'stopped' | 'done'> {
  const controller = new AbortController();
  const outcome = await work({ signal: controller.signal, onProgress: () => controller.abort(reason) }).catch(
    (error: unknown) => ({ error }),
  );
  if (typeof outcome !== 'object' || outcome === null || !('error' in outcome)) return 'done';
  equal(outcome.error === reason, true, 'whether it is the reason');
  return 'stopped';
}

async function start(bench: Parameters<typeof startBoard>[0]) {
  const { medium, history, snapshot, log } = await startBoard(bench, 2);
  return { medium, snapshot, log, next: history.snapshot(bytesOf(SIZE, 5)) };
}

const REASON = new Error('enough');
const STOPPED = { signal: AbortSignal.abort(REASON) };
const isReason = async (call: Promise<unknown>) =>
  equal((await rejection(call)) === REASON, true, 'whether it is the reason');

async function keeps(
  medium: OpenMedium,
  outcome: 'stopped' | 'done',
  { snapshot, log, next }: Awaited<ReturnType<typeof start>>,
) {
  await (outcome === 'done' ? holds(medium, next) : holds(medium, snapshot, log));
}

export const mediumProgressCases = mediumCasesOf('progress', {
  'reports how far a save is, to the end': async (bench) => {
    const { medium, next } = await start(bench);
    isWhole(await watched((options) => medium.save(next, options)), 'save');
  },
  'reports how far a load is, to the end': async (bench) => {
    const { medium, next } = await start(bench);
    await saveTo(medium, next);
    isWhole(await watched((options) => medium.load(options)), 'load');
    const again = await bench.reopen(medium);
    isWhole(await watched((options) => again.load(options)), 'load');
  },
  'rejects opening with the reason of a signal that was aborted before': async (bench) => {
    await isReason(bench.open(STOPPED));
  },
  'rejects a load with the reason of a signal that was aborted before': async (bench) => {
    const { medium, snapshot, log } = await start(bench);
    await isReason(medium.load(STOPPED));
    await holds(medium, snapshot, log);
  },
  'rejects a save with the reason of a signal that was aborted before, and changes nothing': async (bench) => {
    const board = await start(bench);
    await isReason(board.medium.save(board.next, STOPPED));
    await holds(board.medium, board.snapshot, board.log);
    await holds(await bench.reopen(board.medium), board.snapshot, board.log);
  },
  'rejects a first save with the reason of a signal, and nothing is there': async (bench) => {
    const medium = await bench.open();
    await medium.load();
    const snapshot = new History().snapshot(bytesOf(SIZE, 1));
    await isReason(medium.save(snapshot, STOPPED));
    equal(await (await bench.reopen(medium)).load(), null);
  },
  'stops a load on its way, or has loaded': async (bench) => {
    const { medium, next } = await start(bench);
    await saveTo(medium, next);
    await aborted((options) => medium.load(options), REASON);
    await holds(medium, next);
  },
  'stops a save on its way and changes nothing, or has saved': async (bench) => {
    const board = await start(bench);
    const outcome = await aborted((options) => board.medium.save(board.next, options), REASON);
    await keeps(board.medium, outcome, board);
    await keeps(await bench.reopen(board.medium), outcome, board);
  },
  'saves after a save that was stopped': async (bench) => {
    const { medium, next } = await start(bench);
    await aborted((options) => medium.save(next, options), REASON);
    await saveTo(medium, next);
    await holds(await bench.reopen(medium), next);
  },
  'leaves work alone whose signal is aborted after it ended': async (bench) => {
    const { medium, next } = await start(bench);
    const controller = new AbortController();
    equal(await medium.save(next, { signal: controller.signal }), true);
    controller.abort(REASON);
    await holds(medium, next);
  },
});
