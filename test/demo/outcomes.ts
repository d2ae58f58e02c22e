import type { AuditorOutcome } from './auditor.ts';
import type { EditorOutcome } from './editor.ts';
import type { ScoutOutcome } from './scout.ts';
import { count } from './terminal.ts';
import type { PackageFacts } from './types.ts';

/** Named one by one; of more, the number is enough. */
const NAMED = 5;

/** What the scout did: a line that sums it up, then what a second run wants to know by name. */
export function describeScouting(outcome: ScoutOutcome): string[] {
  const { installed, unchanged, added, changed, removed, leftOut } = outcome;
  const isFirst = added.length === installed && removed.length === 0;
  return [
    `${count(installed, 'package')}: ${listed([
      [unchanged, 'unchanged'],
      [added.length, 'new'],
      [changed.length, 'changed'],
      [removed.length, 'removed'],
    ])}`,
    ...(isFirst ? [] : named('new', added.map(labelOf))),
    ...named(
      'changed',
      changed.map(({ before, after }) =>
        before.version === after.version ? labelOf(after) : `${labelOf(before)} -> ${after.version}`,
      ),
    ),
    ...named('removed', removed.map(labelOf)),
    ...named('left out, names no package:', leftOut),
  ];
}

export function describeAudit({ audited, unchanged, opened, updated, resolved }: AuditorOutcome): string[] {
  if (audited === 0) return [`nothing to audit, ${count(unchanged, 'package')} unchanged`];
  const findings = listed([
    [opened, 'new'],
    [updated, 'changed'],
    [resolved, 'resolved'],
  ]);
  return [`${count(audited, 'package')} audited; findings: ${findings}`];
}

export function describeEdit({ read, unchanged, isPublished }: EditorOutcome): string[] {
  const findings =
    read === 0 ? `nothing to read, ${count(unchanged, 'finding')} unchanged` : `${count(read, 'finding')} read`;
  return [`${findings}; report ${isPublished ? 'published' : 'unchanged'}`];
}

function listed(counts: readonly (readonly [number, string])[]): string {
  return (
    counts
      .filter(([number]) => number > 0)
      .map(([number, word]) => `${String(number)} ${word}`)
      .join(', ') || 'none'
  );
}

function named(word: string, names: readonly string[]): string[] {
  const more = names.length - NAMED;
  const lines = names.slice(0, NAMED).map((name) => `${word} ${name}`);
  return more > 0 ? [...lines, `${word} ${String(more)} more`] : lines;
}

function labelOf({ name, version, path }: PackageFacts): string {
  return path === `node_modules/${name}` ? `${name} ${version}` : `${name} ${version} in ${path}`;
}
