/** A value as text, whole and exact: two values have the same text when nobody could tell them apart. */
export function textOf(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (Object.is(value, -0)) return '-0';
  if (typeof value === 'bigint') return `${String(value)}n`;
  if (typeof value === 'function') return 'function';
  if (typeof value !== 'object' || value === null) return String(value);
  if (value instanceof Date) return `Date ${String(value.getTime())}`;
  if (value instanceof Error) {
    const { name, message, cause } = value;
    const code: unknown = Reflect.get(value, 'code');
    const issues: unknown = Reflect.get(value, 'issues');
    return `${name} ${textOf({ code, message, issues, cause })}`;
  }
  if (Array.isArray(value)) return `[${value.map(textOf).join(', ')}]`;
  return `{${Object.entries(value)
    .map(([key, item]) => `${JSON.stringify(key)}: ${textOf(item)}`)
    .join(', ')}}`;
}

const AROUND = 300;

/** Where two texts part, with what stands around that place in each. */
export function differenceOf(first: string, second: string): string {
  let place = 0;
  while (place < first.length && first[place] === second[place]) place++;
  const around = (text: string) => text.slice(Math.max(0, place - AROUND), place + AROUND);
  return `\n…${around(first)}…\n…${around(second)}…`;
}
