import { isDeepStrictEqual } from 'node:util';
import { isVisibleTo, uuidFrom } from 'boardlite';
import { consume, introduce, isUpToDate, readEntries } from './agent.ts';
import type { AgentProfile, Assignment } from './agent.ts';
import { Finding, Package, Report, SEVERITIES } from './types.ts';
import type { FindingFacts, ReportFacts } from './types.ts';

const TOP = 10;

export const editorProfile: AgentProfile = {
  name: 'editor',
  description: 'Makes one report of all findings',
  labels: ['audit'],
  subscriptions: [Finding],
  outputs: [Report],
  edition: 1,
};

export interface EditorOutcome {
  /** Findings that are new, or not what they were when last read. */
  readonly read: number;
  readonly unchanged: number;
  readonly isPublished: boolean;
}

/** Consumes the findings that are not what it last consumed, and publishes the report where it comes out differently. */
export async function edit(assignment: Assignment): Promise<EditorOutcome> {
  const { board, folder, signal } = assignment;
  await introduce(assignment, editorProfile);
  const findings = (await readEntries(assignment, Finding)).filter(({ artifact }) =>
    isVisibleTo(artifact, editorProfile),
  );
  const subjects = findings.filter((entry) => !isUpToDate(entry, editorProfile));
  const { total } = await board.summarizeArtifacts(
    { typeNames: Package, partitionKey: folder, tags: 'installed' },
    { signal },
  );
  const report = writeReport(
    total,
    findings.map(({ value }) => value),
  );
  const [last] = await readEntries(assignment, Report);

  const isPublished = !isDeepStrictEqual(report, last?.value);
  if (isPublished) {
    await board.publish(
      {
        type: Report,
        payload: report,
        producedBy: editorProfile.name,
        id: uuidFrom(`${folder}\nreport`),
        partitionKey: folder,
        version: (last?.artifact.version ?? 0) + 1,
      },
      { signal },
    );
  }
  await consume(assignment, editorProfile, subjects);
  return { read: subjects.length, unchanged: findings.length - subjects.length, isPublished };
}

function writeReport(packages: number, findings: readonly FindingFacts[]): ReportFacts {
  const open = findings.filter(({ status }) => status === 'open').sort(byGravity);
  const countOf = (severity: string) => open.filter((finding) => finding.severity === severity).length;
  const rules = new Map(open.map(({ rule, severity }) => [rule, severity]));
  return {
    packages,
    open: { high: countOf('high'), medium: countOf('medium'), low: countOf('low') },
    resolved: findings.length - open.length,
    byRule: [...rules].map(([rule, severity]) => ({
      rule,
      severity,
      count: open.filter((finding) => finding.rule === rule).length,
    })),
    top: open.slice(0, TOP).map(({ severity, name, version, message }) => ({ severity, name, version, message })),
  };
}

/** The gravest first, then by rule and path, so that the same findings always make the same report. */
function byGravity(a: FindingFacts, b: FindingFacts): number {
  return (
    SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity) ||
    compare(a.rule, b.rule) ||
    compare(a.path, b.path)
  );
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
