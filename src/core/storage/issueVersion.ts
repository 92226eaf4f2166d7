import { hash } from 'node:crypto';

/** Of the hash, so many bytes are a version: 144 bits, which are 24 characters with nothing left over. */
const VERSION_BYTES = 18;

const version = Buffer.alloc(VERSION_BYTES);

/** Names the bytes: the beginning of their SHA-256, which costs about as much as any shorter hash here. */
export function versionOf(bytes: Uint8Array): string {
  // A slice of the hash as a text would keep all of it in memory, and a new buffer each time would cost more than the hash.
  version.write(hash('sha256', bytes, 'binary'), 'binary');
  return version.toString('base64url');
}
