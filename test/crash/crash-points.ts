import type { Request } from './board-state.ts';
import { CalmHost } from './calm-host.ts';
import type { Disk } from './disk.ts';
import type { History } from './history.ts';
import { Door, ModelMedium } from './model-medium.ts';
import { Run } from './run.ts';
import { Subject } from './subject.ts';
import type { Witness } from './witness.ts';

/** Every sequence of so many items. */
export function sequences<T>(items: readonly T[], length: number): T[][] {
  if (length === 0) return [[]];
  return sequences(items, length - 1).flatMap((start) => items.map((item) => [...start, item]));
}

/** What a crash can leave at one point, and what was known then. */
interface CrashPoint {
  readonly disk: Disk;
  readonly witness: Witness;
  readonly isAppending: boolean;
}

/** The points of the history at which the disk is another, the last moment of each, from the beginning of its last deed on. */
async function crashPointsOf(history: History): Promise<CrashPoint[]> {
  const run = new Run(history);
  const points = new Map<object, CrashPoint>();
  const { world } = run;
  const note = () => {
    const disk = world.disk.clone();
    points.set(disk.content, { disk, witness: run.witness.fork(), isAppending: world.isAppending });
  };
  world.onStep = note;
  try {
    await run.perform((deed) => {
      if (deed === history.deeds.at(-1) && deed.pace === null) points.clear();
    });
    note();
  } finally {
    await run.end();
  }
  return [...points.values()];
}

/** Crashes a history at every point, in every way, and has what is left judged. Returns how many crashes there were. */
export async function crashEverywhere(history: History): Promise<number> {
  let crashes = 0;
  for (const { disk, witness, isAppending } of await crashPointsOf(history)) {
    const kills = [disk.clone()];
    if (isAppending && !history.isShared) {
      const torn = disk.clone();
      torn.tear();
      kills.push(torn);
    }
    for (const left of kills) await judge(left, witness.fork(), history);
    // The one that loses nothing leaves what a kill leaves, and more is demanded after that.
    const [, ...cuts] = disk.cuts();
    for (const left of cuts) {
      const afterwards = witness.fork();
      afterwards.isCut = true;
      await judge(left, afterwards, history);
    }
    crashes += kills.length + cuts.length;
  }
  return crashes;
}

const AFTERWARDS: Request = { kind: 'publish', ids: [3] };

/** Opens the board, demands that it can be explained, and that a write after it is the next one. */
async function judge(disk: Disk, witness: Witness, { isShared, durability }: History): Promise<void> {
  const subject = await Subject.open(new ModelMedium(new CalmHost(disk), new Door(isShared, true)), durability);
  try {
    const reading = await subject.read();
    witness.found(reading, false);
    const { number } = witness.begins(witness.store(), AFTERWARDS);
    const { answer, sightings, epoch } = await subject.ask(AFTERWARDS, number);
    if (String(answer) !== String(reading.board.sequence + 1)) {
      throw new Error(`After sequence ${String(reading.board.sequence)} came ${String(answer)}`);
    }
    witness.saw(epoch, sightings);
  } finally {
    await subject.close(false);
  }
}
