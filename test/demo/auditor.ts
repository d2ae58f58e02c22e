import { isDeepStrictEqual } from 'node:util';
import { uuidFrom } from 'boardlite';
import { consume, introduce, isUpToDate, readEntries } from './agent.ts';
import type { AgentProfile, Assignment } from './agent.ts';
import { isAboutInventory, judgeInventory, judgePackage } from './rules.ts';
import { Finding, Package } from './types.ts';
import type { FindingFacts } from './types.ts';

export const auditorProfile: AgentProfile = {
  name: 'auditor',
  description: 'Looks for what is wrong with each package, and says so when it no longer is',
  labels: ['audit'],
  subscriptions: [Package],
  outputs: [Finding],
  edition: 1,
};

export interface AuditorOutcome {
  readonly audited: number;
  /** Packages that were audited before and are what they were. */
  readonly unchanged: number;
  readonly opened: number;
  readonly updated: number;
  readonly resolved: number;
}

/** Consumes the packages that are not what it last consumed, and publishes the findings that follow. */
export async function audit(assignment: Assignment): Promise<AuditorOutcome> {
  const { board, folder, signal } = assignment;
  await introduce(assignment, auditorProfile);
  const packages = await readEntries(assignment, Package);
  const subjects = packages.filter((entry) => !isUpToDate(entry, auditorProfile));
  const unchanged = packages.length - subjects.length;
  if (subjects.length === 0) return { audited: 0, unchanged, opened: 0, updated: 0, resolved: 0 };

  const wanted = [
    ...subjects.filter(({ value }) => value.installed).flatMap(({ value }) => judgePackage(value)),
    ...judgeInventory(packages.map(({ value }) => value).filter(({ installed }) => installed)),
  ];
  const known = new Map((await readEntries(assignment, Finding)).map((entry) => [keyOf(entry.value), entry]));
  const knownFacts = (key: string) => known.get(key)?.value;
  const news = wanted.filter((finding) => !isDeepStrictEqual(finding, knownFacts(keyOf(finding))));
  const wantedKeys = new Set(wanted.map(keyOf));
  const judged = new Set(subjects.map(({ value }) => value.path));
  const resolved = [...known.values()]
    .map(({ value }) => value)
    .filter((finding) => finding.status === 'open' && !wantedKeys.has(keyOf(finding)))
    .filter((finding) => isAboutInventory(finding.rule) || judged.has(finding.path))
    .map((finding): FindingFacts => ({ ...finding, status: 'resolved' }));

  await board.publishMany(
    [...news, ...resolved].map((finding) =>
      findingDraft(folder, finding, known.get(keyOf(finding))?.artifact.version ?? 0),
    ),
    { signal },
  );
  // Only now: a run stopped in between audits these packages again, and finds the same.
  await consume(assignment, auditorProfile, subjects);

  const opened = news.filter((finding) => knownFacts(keyOf(finding))?.status !== 'open').length;
  return {
    audited: subjects.length,
    unchanged,
    opened,
    updated: news.length - opened,
    resolved: resolved.length,
  };
}

function findingDraft(folder: string, finding: FindingFacts, lastVersion: number) {
  return {
    type: Finding,
    payload: finding,
    producedBy: auditorProfile.name,
    id: uuidFrom(`${folder}\n${keyOf(finding)}`),
    correlationId: uuidFrom(`${folder}\n${finding.path}`),
    partitionKey: folder,
    tags: [finding.severity, finding.status],
    // Raw material: what the public reads is the report.
    visibility: { kind: 'Labelled', requiredLabels: ['audit'] } as const,
    version: lastVersion + 1,
  };
}

/** A finding stays the same one while its rule and its subject do: a name for what concerns all copies, else a path. */
function keyOf({ rule, name, path }: FindingFacts): string {
  return `${rule}\n${isAboutInventory(rule) ? name : path}`;
}
