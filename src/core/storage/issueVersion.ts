import { hash } from 'node:crypto';

const ALGORITHM = 'sha256';
const ENCODING = 'base64url';

/** Of the hash, so many bytes are a version: 144 bits, which are 24 characters with nothing left over. */
export const VERSION_BYTES = 18;
const VERSION_LENGTH = (VERSION_BYTES / 3) * 4;

/** Names the bytes: the beginning of their SHA-256, which costs about as much as any shorter hash here. */
export function versionOf(bytes: Uint8Array): string {
  return hash(ALGORITHM, bytes, ENCODING).slice(0, VERSION_LENGTH);
}

/** Writes the bytes' version as {@link VERSION_BYTES} bytes instead of as a text. */
export function writeVersionOf(bytes: Uint8Array, target: Buffer, offset: number): void {
  // As a text with a character for each byte: that costs less than a buffer that is made and thrown away.
  target.write(hash(ALGORITHM, bytes, 'binary'), offset, VERSION_BYTES, 'binary');
}

export function writeVersion(version: string, target: Buffer, offset: number): void {
  target.write(version, offset, VERSION_BYTES, ENCODING);
}

export function readVersion(source: Buffer, offset: number): string {
  return source.toString(ENCODING, offset, offset + VERSION_BYTES);
}
