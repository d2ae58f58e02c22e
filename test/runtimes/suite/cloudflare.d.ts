/** The part that is used here; https://developers.cloudflare.com/durable-objects/ documents it. */
declare module 'cloudflare:workers' {
  interface Storage {
    readonly sql: {
      exec(query: string, ...values: (string | number | Uint8Array)[]): { toArray(): Record<string, unknown>[] };
    };
    transactionSync<T>(work: () => T): T;
    sync(): Promise<void>;
  }

  export abstract class DurableObject<E> {
    protected readonly ctx: { readonly storage: Storage };
    constructor(ctx: unknown, env: E);
  }
}
