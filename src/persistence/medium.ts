/** How a medium is opened. */
export interface MediumOptions {
  /** Takes no lock and never writes. */
  readonly readOnly: boolean;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Where the bytes of one board rest: a file, an IndexedDB database. Opening does the I/O, so a medium can be made anywhere
 * and costs nothing.
 */
export interface Medium {
  /** What messages call it, such as the path of the file. */
  readonly name: string;
  /**
   * Finds what is there, without changing it.
   *
   * @throws BlackboardError that says why the bytes cannot be had
   */
  open(options: MediumOptions): Promise<OpenMedium>;
}

/** A medium in use by one store. */
export interface OpenMedium {
  /** The last snapshot, or null when nothing was ever saved. The caller owns the bytes. */
  load(): Promise<Uint8Array | null>;
  /**
   * Puts a snapshot in place of the last one. When it resolves, the snapshot survives a power cut; when it rejects, the
   * last one is still there, whole, or this one is, and saving again is safe. Not to be called again before it settles.
   *
   * @throws ConflictError when somebody else saved in between: theirs is kept
   */
  save(snapshot: Uint8Array): Promise<void>;
  /** Lets go of the medium. Idempotent. */
  close(): Promise<void>;
}
