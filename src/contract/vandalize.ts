/** Changes what it can reach of a value, as careless callers do; what is frozen stays, with or without an error. */
export function vandalize(value: unknown, seen = new Set<unknown>()): void {
  if (typeof value !== 'object' || value === null || seen.has(value)) return;
  seen.add(value);
  if (value instanceof Date) {
    value.setTime(0);
    return;
  }
  for (const item of Object.values(value)) vandalize(item, seen);
  try {
    if (Array.isArray(value)) value.length = 0;
    for (const key of Object.keys(value)) Reflect.set(value, key, 'changed');
    Reflect.set(value, 'added', true);
  } catch {
    // Refusing the change is one of the two ways to keep it from the board.
  }
}
