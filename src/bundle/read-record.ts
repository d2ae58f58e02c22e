import type { AgentSnapshot, ConsumptionRecord } from '../core/artifact.ts';
import { property } from '../core/artifact-type.ts';
import { BlackboardError } from '../core/errors.ts';
import { toAgentSnapshot, toConsumption } from '../core/fact.ts';
import { Stamps } from '../core/stamps.ts';
import { quote } from '../core/text.ts';
import { checkAgentSnapshot, checkConsumptions, type CheckedDraft } from '../core/write.ts';
import { checkArtifact } from './check-artifact.ts';
import { ACTION, damaged } from './format.ts';

/** One line of a bundle that says what is on the board. */
export type BundleRecord = {
  /** In characters. */
  readonly size: number;
} & (
  | { readonly kind: 'artifact'; readonly artifact: CheckedDraft }
  | { readonly kind: 'consumption'; readonly consumption: ConsumptionRecord }
  | { readonly kind: 'agent'; readonly snapshot: AgentSnapshot }
);

/** What a line says is on the board. @throws CorruptError that says which line it is, and what is wrong with it */
export function readRecord(text: string, line: number): BundleRecord {
  try {
    const given: unknown = JSON.parse(text);
    const [[kind, fields] = ['nothing', {}], ...others] = entriesOf(given);
    if (others.length > 0) throw damaged('it has more than one field');
    return { size: text.length, ...recordOf(kind, fields) };
  } catch (error) {
    if (!(error instanceof BlackboardError || error instanceof SyntaxError || error instanceof TypeError)) throw error;
    throw damaged(`line ${line} is not as it was exported: ${quote(text)}`, error);
  }
}

function recordOf(kind: string, fields: unknown) {
  switch (kind) {
    case 'artifact':
      return { kind, artifact: checkArtifact(withDates(fields, 'createdAt'), ACTION) };
    case 'consumption': {
      const [consumption] = checkConsumptions(
        [withDates(fields, 'consumedAt')],
        new Stamps(undefined, undefined),
        ACTION,
      );
      if (consumption === undefined) throw damaged('it has no consumption');
      return { kind, consumption: toConsumption(consumption) };
    }
    case 'agent':
      return {
        kind,
        snapshot: toAgentSnapshot(checkAgentSnapshot(withDates(fields, 'firstSeen', 'lastSeen'), ACTION)),
      };
    default:
      throw damaged(`it has a record of unknown kind ${quote(kind)}`);
  }
}

/** The same fields, some of them as Dates: what is no time of the bundle's one form becomes an invalid Date. */
function withDates(fields: unknown, ...names: readonly string[]): object {
  const dates = names.map((name): [string, Date] => {
    const text = property(fields, name);
    const date = new Date(typeof text === 'string' ? text : Number.NaN);
    const isExact = !Number.isNaN(date.getTime()) && date.toISOString() === text;
    return [name, isExact ? date : new Date(Number.NaN)];
  });
  return { ...Object.fromEntries(entriesOf(fields)), ...Object.fromEntries(dates) };
}

function entriesOf(value: unknown): [string, unknown][] {
  return typeof value === 'object' && value !== null ? Object.entries<unknown>({ ...value }) : [];
}
