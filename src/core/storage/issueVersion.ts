import { hash } from 'node:crypto';

/** Of the hash, so many bytes are a version: 144 bits, which are 24 characters with nothing left over. */
const VERSION_BYTES = 18;

/** Names the bytes: the beginning of their SHA-256, which costs about as much as any shorter hash here. */
export function versionOf(bytes: Uint8Array): string {
  // By way of a buffer, because a slice of the whole hash as a text would keep all of it in memory.
  return hash('sha256', bytes, 'buffer').toString('base64url', 0, VERSION_BYTES);
}
