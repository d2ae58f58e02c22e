import type { Command } from 'commander';
import type { ArtifactFilter } from '../index.ts';
import { collect, instant } from './values.ts';

/** The options that say which artifacts a command is about, as they are parsed. */
export interface FilterOptions {
  readonly id?: string[];
  readonly type?: string[];
  readonly producer?: string[];
  readonly correlation?: string;
  readonly withoutCorrelation?: true;
  readonly partition?: string;
  readonly withoutPartition?: true;
  readonly tag?: string[];
  readonly visibility?: string[];
  readonly start?: Date;
  readonly end?: Date;
}

export function addFilterOptions(command: Command): Command {
  return command
    .option('--id <uuid>', 'with this id; can be given several times', collect)
    .option('--type <name>', 'of this type; can be given several times', collect)
    .option('--producer <agent>', 'produced by this agent; can be given several times', collect)
    .option('--tag <tag>', 'with this tag; given several times, with all of them', collect)
    .option('--visibility <kind>', 'Public, Private, Labelled, Tenant or After; can be given several times', collect)
    .option('--correlation <id>', 'with this correlation id')
    .option('--without-correlation', 'without a correlation id')
    .option('--partition <key>', 'with this partition key')
    .option('--without-partition', 'without a partition key')
    .option('--start <time>', 'created at this time or later', instant)
    .option('--end <time>', 'created at this time or earlier', instant);
}

export function filterOf(options: FilterOptions): ArtifactFilter & { readonly ids: string[] | undefined } {
  return {
    ids: options.id,
    typeNames: options.type,
    producedBy: options.producer,
    correlationId: options.withoutCorrelation === true ? null : options.correlation,
    partitionKey: options.withoutPartition === true ? null : options.partition,
    tags: options.tag,
    // Any word can be typed; the store says which it knows.
    visibility: options.visibility as ArtifactFilter['visibility'],
    start: options.start,
    end: options.end,
  };
}
