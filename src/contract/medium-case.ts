import type { MediumOptions, OpenMedium } from '../persistence/medium.ts';

/** How a case comes back to a place. */
export interface ReopenOptions extends Partial<MediumOptions> {
  /** Drops the medium without closing it, as the death of its process does. */
  readonly abandon?: boolean;
  /** The machine loses its power first: what was not flushed may be gone. Only where the capabilities say `powerCut`. */
  readonly powerCut?: boolean;
}

/**
 * Makes the media that a case works on. Whoever runs the contract against a medium of their own implements this, and owes
 * each case a time limit. When the case has ended, whatever came of it, the bench closes what is still open and removes
 * what it made. Options are handed on as they are; `readOnly` is false unless given.
 */
export interface MediumBench {
  /** Opens a medium on a new, empty place that shares nothing with any other place. */
  open(options?: Partial<MediumOptions>): Promise<OpenMedium>;
  /** Closes the medium unless it is closed or abandoned, and opens a new one on the same place. */
  reopen(medium: OpenMedium, options?: ReopenOptions): Promise<OpenMedium>;
  /**
   * Opens another medium on the same place while the first one stays open. Cases ask for a second one that writes only where
   * the capabilities say `shared` or `exclusive`.
   */
  second(medium: OpenMedium, options?: Partial<MediumOptions>): Promise<OpenMedium>;
  /**
   * Tells the medium that its page may end now, and resolves when what it leaves is there. The page does not end. Only where
   * the capabilities say `orphans`.
   */
  endPage?(medium: OpenMedium): Promise<void>;
}

/** What not every medium can do, or not every bench can show. There is no other reason to leave a case out. */
export interface MediumCapabilities {
  /** Several media may write to one place at the same time. */
  readonly shared: boolean;
  /** One medium may write to a place at a time; a second one is refused with `locked`. */
  readonly exclusive: boolean;
  /** Pages end here, and leave orphans. */
  readonly orphans: boolean;
  /** The bench can cut the power. */
  readonly powerCut: boolean;
}

/** The parts of the contract of media. */
export type MediumSubject =
  'load' | 'append' | 'save' | 'bytes' | 'survival' | 'progress' | 'closing' | 'read-only' | 'sharing' | 'orphans';

/** One behaviour that every medium shows. */
export interface MediumCase {
  /** A sentence about what a medium does, different from that of every other case. */
  readonly name: string;
  readonly subject: MediumSubject;
  /** The case is for media with all of these capabilities; for all media when there are none. */
  readonly needs?: readonly (keyof MediumCapabilities)[];
  /** Rejects when the medium does something else; the message shows what was expected and what came instead. */
  run(bench: MediumBench): Promise<void>;
}

/** Whether a case is for media with these capabilities. */
export function isSupportedByMedium(mediumCase: MediumCase, capabilities: MediumCapabilities): boolean {
  return (mediumCase.needs ?? []).every((capability) => capabilities[capability]);
}

/** The cases about one subject, by their names. */
export function mediumCasesOf(
  subject: MediumSubject,
  runs: Readonly<Record<string, MediumCase['run']>>,
  needs?: MediumCase['needs'],
): MediumCase[] {
  return Object.entries(runs).map(([name, run]) => ({ name, subject, run, ...(needs && { needs }) }));
}
