import { InvalidArgumentError } from './errors.ts';
import { isText, quote } from './text.ts';

/** Names of artifacts, hashed, share this namespace; changing it would change every id made from a name. */
const NAMESPACE = Uint8Array.of(
  0x0f,
  0x2b,
  0x9b,
  0x7e,
  0x6c,
  0x1d,
  0x4c,
  0x0a,
  0x8f,
  0x53,
  0x5d,
  0x2f,
  0x0b,
  0x6f,
  0x7a,
  0x11,
);

/**
 * A stable id from a caller's own key: the same name gives the same UUID (version 5, RFC 9562) everywhere and for ever.
 * Publishing under it again replaces the artifact, so an agent can run twice without publishing twice. For keys, not for
 * content: a name of megabytes takes its time.
 *
 * @throws InvalidArgumentError when the name is not a string, or holds a lone surrogate
 */
export function uuidFrom(name: string): string {
  if (!isText(name)) {
    throw new InvalidArgumentError(
      `Cannot make a UUID from ${quote(name)}: the name must be a string without lone surrogates`,
    );
  }
  const text = new TextEncoder().encode(name);
  const bytes = new Uint8Array(NAMESPACE.length + text.length);
  bytes.set(NAMESPACE);
  bytes.set(text, NAMESPACE.length);
  const digest = sha1(bytes);
  const variant = (parseInt(digest.charAt(16), 16) & 3) | 8;
  return hyphenate(`${digest.slice(0, 12)}5${digest.slice(13, 16)}${hex(variant, 1)}${digest.slice(17, 32)}`);
}

/** Counters from 0 up to this keep the ids of one time in order. */
export const LAST_COUNTER = 2 ** 30 - 1;

/** A UUID of version 7 (RFC 9562): ids of one time are ordered by their counter. */
export function uuidAt(time: number, counter: number): string {
  const random = hex(randomBits(), 8) + hex(randomBits() >>> 20, 3);
  // The two bits of the variant stand in the middle of the counter: 12 bits before them, 18 behind.
  const variant = 8 | ((counter >>> 16) & 3);
  return hyphenate(`${hex(time, 12)}7${hex(counter >>> 18, 3)}${hex(variant, 1)}${hex(counter & 0xffff, 4)}${random}`);
}

const POOLED = 256;
let pool = new Uint32Array(0);
let taken = 0;

/** 32 bits of the host's randomness, fetched many at a time: each fetch costs more than making the id. */
function randomBits(): number {
  if (taken === pool.length) {
    pool = crypto.getRandomValues(new Uint32Array(POOLED));
    taken = 0;
  }
  return pool[taken++] ?? 0;
}

function hex(value: number, digits: number): string {
  return value.toString(16).padStart(digits, '0');
}

function hyphenate(digits: string): string {
  const part = (start: number, end?: number) => digits.slice(start, end);
  return `${part(0, 8)}-${part(8, 12)}-${part(12, 16)}-${part(16, 20)}-${part(20)}`;
}

/** FIPS 180-4, as hexadecimal digits. WebCrypto has it too, but only behind a promise. */
function sha1(message: Uint8Array): string {
  const padded = new Uint8Array(Math.ceil((message.length + 9) / 64) * 64);
  padded.set(message);
  padded[message.length] = 0x80;
  const view = new DataView(padded.buffer);
  view.setUint32(padded.length - 8, Math.floor(message.length / 0x2000_0000));
  view.setUint32(padded.length - 4, message.length << 3);
  const hash = Int32Array.of(0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0);
  const words = new Int32Array(80);
  const word = (t: number) => words[t] ?? 0;
  for (let block = 0; block < padded.length; block += 64) {
    let [a = 0, b = 0, c = 0, d = 0, e = 0] = hash;
    for (let t = 0; t < 80; t++) {
      words[t] =
        t < 16 ? view.getInt32(block + t * 4) : rotate(word(t - 3) ^ word(t - 8) ^ word(t - 14) ^ word(t - 16), 1);
      const mix = t < 20 ? (b & c) | (~b & d) : t < 40 || t >= 60 ? b ^ c ^ d : (b & c) | (b & d) | (c & d);
      const next = (rotate(a, 5) + mix + e + (KEYS[Math.floor(t / 20)] ?? 0) + word(t)) | 0;
      e = d;
      d = c;
      c = rotate(b, 30);
      b = a;
      a = next;
    }
    [a, b, c, d, e].forEach((value, i) => (hash[i] = (hash[i] ?? 0) + value));
  }
  return Array.from(hash, (value) => hex(value >>> 0, 8)).join('');
}

const KEYS = [0x5a827999, 0x6ed9eba1, 0x8f1bbcdc, 0xca62c1d6];

function rotate(value: number, bits: number): number {
  return (value << bits) | (value >>> (32 - bits));
}
