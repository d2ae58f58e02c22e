import type { Artifact, HistoryCounts } from 'boardlite';
import { readEntries } from './agent.ts';
import type { AgentProfile, Entry, Scope } from './agent.ts';
import { WIDTH, count, cut, table } from './terminal.ts';
import { Report, SEVERITIES } from './types.ts';
import type { ReportFacts } from './types.ts';

const NAME_WIDTH = 30;

/** What the board holds about the audited folder, in lines to be read; of a report that is no news, only the figures. */
export async function summarize(
  scope: Scope,
  agents: readonly AgentProfile[],
  isReportNews: boolean,
): Promise<string[]> {
  const { board, folder, signal } = scope;
  const about = { partitionKey: folder };
  const summary = await board.summarizeArtifacts(about, { signal });
  const histories = await Promise.all(agents.map(({ name }) => board.agentHistorySummary(name, about, { signal })));
  const [report] = await readEntries(scope, Report);
  return [
    `On the board: ${count(summary.total, 'artifact')}`,
    ...indent(sideBySide([summary.byType, summary.byProducer, summary.byVisibility])),
    '',
    ...table([
      ['Agents', 'produced', 'consumed'],
      ...agents.map(({ name }, i) => [`  ${name}`, listed(histories[i]?.produced), listed(histories[i]?.consumed)]),
    ]),
    '',
    ...(report === undefined ? [] : describe(report, isReportNews)),
  ];
}

function describe({ value, artifact }: Entry<ReportFacts>, isNews: boolean): string[] {
  const { packages, open, resolved, byRule, top } = value;
  const total = SEVERITIES.reduce((sum, severity) => sum + open[severity], 0);
  const rules = SEVERITIES.map((severity) => {
    const named = byRule.filter((each) => each.severity === severity);
    return [open[severity], severity, named.map(({ rule, count }) => `${rule} ${String(count)}`).join(', ')];
  });
  const figures = [
    `Report of ${whenOf(artifact)}${isNews ? '' : ', unchanged'}: ` +
      `${count(packages, 'package')}, ${count(total, 'open finding')}` +
      (resolved === 0 ? '' : `, ${String(resolved)} resolved`),
    ...indent(table(rules)),
  ];
  if (!isNews || top.length === 0) return figures;
  const more = total - top.length;
  return [
    ...figures,
    '',
    ...indent(table(top.map((each) => [each.severity, cut(`${each.name} ${each.version}`, NAME_WIDTH), each.message]))),
    ...(more === 0 ? [] : indent([`and ${String(more)} more`])),
  ];
}

function listed(counts: HistoryCounts | undefined): string {
  const byType = Object.entries(counts?.byType ?? {});
  return byType.map(([type, number]) => `${String(number)} ${type}`).join(', ') || '-';
}

function whenOf({ createdAt }: Artifact): string {
  return createdAt.toLocaleString('en-GB', { dateStyle: 'medium', timeStyle: 'short' });
}

function sideBySide(groups: readonly Readonly<Record<string, number>>[]): string[] {
  const columns = groups.map((group) => table(Object.entries(group).sort(([, a], [, b]) => b - a)));
  const height = Math.max(...columns.map(({ length }) => length));
  return table(Array.from({ length: height }, (_, row) => columns.map((column) => `${column[row] ?? ''}  `)));
}

function indent(lines: readonly string[]): string[] {
  return lines.map((line) => cut(`  ${line}`, WIDTH));
}
