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
 * Publishing under it again replaces the artifact, so an agent can run twice without publishing twice.
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
  return format(sha1(bytes).subarray(0, 16), 5);
}

/** A UUID of version 7 (RFC 9562): ids of one time are ordered by their counter, of 32 bits. */
export function uuidAt(time: number, counter: number): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  const view = new DataView(bytes.buffer);
  view.setUint32(0, Math.floor(time / 0x1_0000));
  view.setUint16(4, time % 0x1_0000);
  // The version takes the upper 4 bits of byte 6 and the variant the upper 2 of byte 8, so the counter goes around them.
  view.setUint16(6, counter >>> 20);
  view.setUint16(8, (counter >>> 6) & 0x3fff);
  view.setUint8(10, ((counter & 0x3f) << 2) | (view.getUint8(10) & 3));
  return format(bytes, 7);
}

function format(bytes: Uint8Array, version: number): string {
  const digits = Array.from(bytes, (byte, i) => {
    const marked = i === 6 ? (byte & 0x0f) | (version << 4) : i === 8 ? (byte & 0x3f) | 0x80 : byte;
    return marked.toString(16).padStart(2, '0');
  }).join('');
  return digits.replace(/(.{8})(.{4})(.{4})(.{4})(.{12})/, '$1-$2-$3-$4-$5');
}

/** FIPS 180-4. WebCrypto has it too, but only behind a promise. */
function sha1(message: Uint8Array): Uint8Array {
  const padded = new Uint8Array(Math.ceil((message.length + 9) / 64) * 64);
  padded.set(message);
  padded[message.length] = 0x80;
  const view = new DataView(padded.buffer);
  view.setUint32(padded.length - 8, Math.floor(message.length / 0x2000_0000));
  view.setUint32(padded.length - 4, message.length << 3);
  const hash = Int32Array.of(0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0);
  const words = new Int32Array(80);
  for (let block = 0; block < padded.length; block += 64) {
    let [a = 0, b = 0, c = 0, d = 0, e = 0] = hash;
    for (let t = 0; t < 80; t++) {
      const word = (back: number) => words[t - back] ?? 0;
      words[t] = t < 16 ? view.getInt32(block + t * 4) : rotate(word(3) ^ word(8) ^ word(14) ^ word(16), 1);
      const [mix, key] =
        t < 20
          ? [(b & c) | (~b & d), 0x5a827999]
          : t < 40
            ? [b ^ c ^ d, 0x6ed9eba1]
            : t < 60
              ? [(b & c) | (b & d) | (c & d), 0x8f1bbcdc]
              : [b ^ c ^ d, 0xca62c1d6];
      [a, b, c, d, e] = [(rotate(a, 5) + mix + e + key + word(0)) | 0, a, rotate(b, 30), c, d];
    }
    [a, b, c, d, e].forEach((value, i) => (hash[i] = (hash[i] ?? 0) + value));
  }
  const digest = new DataView(new ArrayBuffer(20));
  hash.forEach((value, i) => digest.setInt32(i * 4, value));
  return new Uint8Array(digest.buffer);
}

function rotate(value: number, bits: number): number {
  return (value << bits) | (value >>> (32 - bits));
}
