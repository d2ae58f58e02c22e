import { join, relative } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { uuidFrom } from 'boardlite';
import { introduce, readEntries } from './agent.ts';
import type { AgentProfile, Assignment } from './agent.ts';
import { readDeprecations, readPackage } from './package-facts.ts';
import { findPackageFolders } from './package-folders.ts';
import { Package } from './types.ts';
import type { PackageFacts } from './types.ts';

/** Published together, and often, so that a run that is stopped keeps what it found. */
const BATCH = 50;

export const scoutProfile: AgentProfile = {
  name: 'scout',
  description: 'Tells the board which packages are installed: what is new, what changed, what is gone',
  labels: [],
  subscriptions: [Package],
  outputs: [Package],
  edition: 1,
};

export interface ScoutOutcome {
  readonly installed: number;
  readonly unchanged: number;
  readonly added: readonly PackageFacts[];
  readonly changed: readonly { readonly before: PackageFacts; readonly after: PackageFacts }[];
  readonly removed: readonly PackageFacts[];
  /** Paths of folders where a package would be, but no package.json names one. */
  readonly leftOut: readonly string[];
}

/** Publishes every package that the board does not know as it is now, and every one it knows that is gone. */
export async function scout(assignment: Assignment): Promise<ScoutOutcome> {
  const { board, folder, signal, onProgress } = assignment;
  await introduce(assignment, scoutProfile);
  const known = new Map((await readEntries(assignment, Package)).map((entry) => [entry.value.path, entry]));
  const publish = (packages: readonly PackageFacts[]) =>
    board.publishMany(
      packages.map((each) => packageDraft(folder, each, known.get(each.path)?.artifact.version ?? 0)),
      { signal },
    );

  const added: PackageFacts[] = [];
  const changed: { before: PackageFacts; after: PackageFacts }[] = [];
  const leftOut: string[] = [];
  const seen = new Set<string>();
  const batch: PackageFacts[] = [];
  const deprecations = readDeprecations(folder);
  const packageFolders = findPackageFolders(join(folder, 'node_modules'));

  for (const [index, packageFolder] of packageFolders.entries()) {
    onProgress(`${String(index + 1)} of ${String(packageFolders.length)} folders`);
    // The files are read synchronously, which is fastest; Ctrl-C gets its turn in between.
    await setImmediate();
    signal.throwIfAborted();

    const after = readPackage(folder, packageFolder, deprecations);
    if (after === null) {
      leftOut.push(relative(folder, packageFolder));
      continue;
    }
    seen.add(after.path);
    const before = known.get(after.path)?.value;
    if (isDeepStrictEqual(before, after)) continue;
    if (before?.installed === true) changed.push({ before, after });
    else added.push(after);
    batch.push(after);
    if (batch.length === BATCH) await publish(batch.splice(0));
  }

  const removed = [...known.values()]
    .map(({ value }) => value)
    .filter((each) => each.installed && !seen.has(each.path));
  await publish([...batch, ...removed.map((each) => ({ ...each, installed: false }))]);
  const unchanged = seen.size - added.length - changed.length;
  return { installed: seen.size, unchanged, added, changed, removed, leftOut };
}

function packageDraft(folder: string, facts: PackageFacts, lastVersion: number) {
  const id = uuidFrom(`${folder}\n${facts.path}`);
  return {
    type: Package,
    payload: facts,
    producedBy: scoutProfile.name,
    id,
    // What others find out about the package carries the same, so that one query brings all of it.
    correlationId: id,
    partitionKey: folder,
    tags: facts.installed ? 'installed' : 'removed',
    version: lastVersion + 1,
  };
}
