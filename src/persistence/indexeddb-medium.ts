import { InvalidArgumentError } from '../core/errors.ts';
import { IndexedDBBoard, type IndexedDBPlace } from './indexeddb-board.ts';
import { openingFailure } from './indexeddb-failure.ts';
import type { Medium, MediumOptions, OpenMedium } from './medium.ts';
import { shown } from './shown.ts';

/** How a board in IndexedDB is kept. */
export interface IndexedDBMediumOptions {
  /**
   * Asks the browser not to delete what this origin has stored when the disk gets full. Some ask their user, some decide by
   * themselves; `navigator.storage.persisted()` tells what came of it. False unless told.
   */
  readonly persist?: boolean | undefined;
  /** Milliseconds after which a database that does not open is given up with `locked`; 10,000 unless told. */
  readonly openTimeout?: number | undefined;
  /** Milliseconds between looks for what other tabs have written, should a message be lost; 30,000 unless told. */
  readonly pollInterval?: number | undefined;
}

/**
 * Keeps a board in IndexedDB: in a database of its own, named after it. It is for pages and workers; any number of them, and
 * of stores in one of them, may use the board at the same time.
 *
 * Making a medium touches nothing; the store that opens it does.
 *
 * @param name names the board among those of its origin
 * @throws InvalidArgumentError when `name` is no text or empty, or an option is unknown or out of range
 */
export function indexedDBMedium(name: string, options: IndexedDBMediumOptions = {}): Medium {
  const given: unknown = options;
  if (typeof given !== 'object' || given === null) throw invalid(`the options must be an object, got ${shown(given)}`);
  const { persist = false, openTimeout = 10_000, pollInterval = 30_000, ...unknown } = options;
  if (typeof name !== 'string' || name === '') throw invalid(`"name" must be a text, got ${shown(name)}`);
  const [field] = Object.keys(unknown);
  if (field !== undefined) throw invalid(`there is no option ${shown(field)}`);
  if (typeof persist !== 'boolean') throw invalid(`"persist" must be true or false, got ${shown(persist)}`);
  for (const [key, value] of Object.entries({ openTimeout, pollInterval })) {
    if (Number.isInteger(value) && value > 0 && value <= LONGEST) continue;
    throw invalid(`"${key}" must be a number of milliseconds, from 1 to ${LONGEST}, got ${shown(value)}`);
  }
  const place = { name, persist, openTimeout, pollInterval };
  return { name, open: (opening) => openBoard(place, opening) };
}

/** What a timer can wait. */
const LONGEST = 2 ** 31 - 1;

function invalid(problem: string): InvalidArgumentError {
  return new InvalidArgumentError(`Cannot make an IndexedDB medium: ${problem}`);
}

async function openBoard(place: IndexedDBPlace, options: MediumOptions): Promise<OpenMedium> {
  const board = new IndexedDBBoard(place, options);
  try {
    await board.open(options.signal);
    return board;
  } catch (error) {
    await board.close();
    if (options.signal?.aborted === true && error === options.signal.reason) throw error;
    throw openingFailure(`open the board ${shown(place.name)}`, error);
  }
}
