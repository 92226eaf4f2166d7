import { hash } from 'node:crypto';

/** 144 bits: exactly 24 base64 characters. */
const VERSION_BYTES = 18;

const version = Buffer.alloc(VERSION_BYTES);

/** The first bytes of the content's SHA-256, in base64url. A shorter hash would not be faster here. */
export function versionOf(bytes: Uint8Array): string {
  // A substring would keep the whole hash string in memory, and a new buffer per call would cost more than the hash.
  version.write(hash('sha256', bytes, 'binary'), 'binary');
  return version.toString('base64url');
}
