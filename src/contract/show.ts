const TEXT_LENGTH = 200;
const WHOLE_LENGTH = 4000;

/** By what it holds rather than `instanceof`, so that a Date from another realm is a Date. */
export function isDate(value: unknown): value is Date {
  try {
    Date.prototype.getTime.call(value);
    return true;
  } catch {
    return false;
  }
}

/** A value as failure messages show it: near to the source code that makes it, and never longer than a screen. */
export function show(value: unknown): string {
  const text = showAll(value, new Set());
  return text.length > WHOLE_LENGTH ? `${text.slice(0, WHOLE_LENGTH)}…` : text;
}

function showAll(value: unknown, parents: Set<object>): string {
  if (typeof value === 'string') {
    return value.length > TEXT_LENGTH
      ? `${JSON.stringify(value.slice(0, TEXT_LENGTH))}… (${String(value.length)} characters)`
      : JSON.stringify(value);
  }
  if (Object.is(value, -0)) return '-0';
  if (typeof value === 'bigint') return `${String(value)}n`;
  if (typeof value === 'function') return 'a function';
  if (typeof value !== 'object' || value === null) return String(value);
  if (isDate(value)) return Number.isNaN(value.getTime()) ? 'an invalid Date' : `Date ${value.toISOString()}`;
  if (value instanceof Error) {
    const code = 'code' in value ? ` (${String(value.code)})` : '';
    return `${value.name}${code}: ${value.message}`;
  }
  if (parents.has(value)) return 'a cycle';
  parents.add(value);
  const text = Array.isArray(value)
    ? `[${value.map((item) => showAll(item, parents)).join(', ')}]`
    : `{${Object.entries(value)
        .map(([key, item]) => `${JSON.stringify(key)}: ${showAll(item, parents)}`)
        .join(', ')}}`;
  parents.delete(value);
  return text;
}
