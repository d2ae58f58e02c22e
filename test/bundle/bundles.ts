import { exportBundle } from '../../src/bundle/export-bundle.ts';
import type { BlackboardStore } from '../../src/core/store.ts';

/** All of a bundle as one text. */
export async function exported(store: BlackboardStore): Promise<string> {
  let text = '';
  for await (const line of exportBundle(store)) text += line;
  return text;
}
