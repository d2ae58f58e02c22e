/** What the browser keeps for this site. */
export interface SiteStorage {
  /** The browser has promised not to delete it when the disk is full. */
  readonly isPersistent: boolean;
  /** In bytes. */
  readonly usage: number;
  readonly quota: number;
}

/** Null where the browser does not tell: it keeps nothing for this page. */
export async function readSiteStorage(): Promise<SiteStorage | null> {
  try {
    const [isPersistent, { usage = 0, quota = 0 }] = await Promise.all([
      navigator.storage.persisted(),
      navigator.storage.estimate(),
    ]);
    return { isPersistent, usage, quota };
  } catch {
    return null;
  }
}
