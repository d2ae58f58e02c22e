import { createHash } from 'node:crypto';

const NAMESPACE = '0f2b9b7e-6c1d-4c0a-8f53-5d2f0b6f7a11';

/** A UUID of version 5, made with somebody else's SHA-1. */
export function expectedFrom(name: string): string {
  const digest = createHash('sha1')
    .update(Buffer.from(NAMESPACE.replaceAll('-', ''), 'hex'))
    .update(name)
    .digest();
  digest[6] = ((digest[6] ?? 0) & 0x0f) | 0x50;
  digest[8] = ((digest[8] ?? 0) & 0x3f) | 0x80;
  return digest.toString('hex', 0, 16).replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}
