/** The part that is used here; https://developers.cloudflare.com/durable-objects/ documents it. */
declare module 'cloudflare:workers' {
  export abstract class DurableObject<E> {
    protected readonly ctx: { readonly storage: import('./object-rows.ts').ObjectStorage };
    constructor(ctx: unknown, env: E);
  }
}
