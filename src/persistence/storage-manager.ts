import type { MediumEvent } from './medium.ts';

const PRESSURE = 0.8;

/** Missing in some browsers, and in pages that do not come over TLS; workers cannot ask for anything. */
function storageManager(): Partial<StorageManager> | undefined {
  const host: { readonly navigator?: { readonly storage?: Partial<StorageManager> } } = globalThis;
  return host.navigator?.storage;
}

/** Asks for storage that is not evicted. Nobody waits: some browsers ask their user. */
export function askToPersist(): void {
  storageManager()?.persist?.().catch(ignore);
}

/** Tells when little room is left. */
export async function checkPressure(tell: (event: MediumEvent) => void): Promise<void> {
  const { usage = 0, quota = 0 } = (await storageManager()?.estimate?.().catch(ignore)) ?? {};
  if (quota > 0 && usage >= PRESSURE * quota) tell({ type: 'storage-pressure', usage, quota });
}

function ignore(): undefined {
  // The board does not depend on the answer.
}
