import type { IssueSummary } from '../../../src/core/issue/issue.ts';

/** All that a summary says, whatever it is made of, so that two can be compared. */
export function plainSummary(summary: IssueSummary): IssueSummary {
  const { key, id, number, name, title, completed, filePath, createdAt, modifiedAt, version, progress, hasConflict, size, problem } =
    summary;
  return {
    ...{ key, id, name, title, completed, filePath, createdAt, modifiedAt, version, progress, size },
    ...(number === undefined ? {} : { number }),
    ...(hasConflict ? { hasConflict } : {}),
    ...(problem === undefined ? {} : { problem }),
  };
}
