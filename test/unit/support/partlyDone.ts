import assert from 'node:assert/strict';
import { PartlyDoneError } from '../../../src/core/storage/partlyDoneError.ts';

/** The error of a batch that must fail half-way and leave something. */
export async function partlyDone(batch: Promise<unknown>): Promise<PartlyDoneError> {
  const error = await batch.then(
    () => assert.fail('it did not fail'),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof PartlyDoneError, String(error));
  return error;
}
