import * as fc from 'fast-check';
import { Disk } from './disk.ts';
import { histories, type History } from './history.ts';
import { Run } from './run.ts';

/** That a store keeps its promises through any history on a disk. */
export function keepsPromises(createDisk: () => Disk = () => new Disk()) {
  return fc.asyncProperty(histories, (history) => check(history, createDisk()));
}

/** @throws Error that says what was promised and not kept, and what happened */
async function check(history: History, disk: Disk): Promise<void> {
  const run = new Run(history, disk);
  try {
    await run.toEnd();
  } catch (cause) {
    throw new Error(`${String(cause)}\nWhat happened:\n  ${run.world.trace.join('\n  ')}`, { cause });
  }
}
