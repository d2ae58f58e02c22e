import { InvalidArgumentError } from './errors.ts';
import type { Selection } from './filter.ts';
import type { Position } from './page.ts';
import { quote } from './text.ts';
import { isInstant } from './time.ts';
import { uuidFrom } from './uuid.ts';
import { canonicalId } from './checks.ts';

const FORM = /^(asc|desc)~(0|-?[1-9]\d*)~([0-9a-f-]{36})~([0-9a-f-]{36})$/;

/** Where a page ended, as an opaque text that is good for the same filter and order only. */
export function encodeCursor(selection: Selection, order: 'asc' | 'desc', last: Position): string {
  return [order, last.createdAt, last.id, fingerprint(selection)].join('~');
}

/** @throws InvalidArgumentError when the text is no cursor, or comes from another filter or order */
export function decodeCursor(cursor: string, selection: Selection, order: 'asc' | 'desc', action: string): Position {
  const [, cursorOrder, time, uuid, filter] = FORM.exec(cursor) ?? [];
  const createdAt = Number(time);
  const id = canonicalId(uuid);
  if (!isInstant(createdAt) || id === undefined) {
    throw new InvalidArgumentError(`Cannot ${action}: ${quote(cursor)} is not a cursor`);
  }
  if (cursorOrder !== order) {
    throw new InvalidArgumentError(
      `Cannot ${action}: cursor ${quote(cursor)} comes from a query in order ${quote(cursorOrder)}, not ${quote(order)}`,
    );
  }
  if (filter !== fingerprint(selection)) {
    throw new InvalidArgumentError(`Cannot ${action}: cursor ${quote(cursor)} comes from a query with another filter`);
  }
  return { createdAt, id };
}

/** Equal for selections with the same meaning, because sets in a Selection are sorted and its keys come in one order. */
function fingerprint(selection: Selection): string {
  return uuidFrom(JSON.stringify(selection));
}
