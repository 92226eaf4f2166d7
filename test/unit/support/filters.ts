import assert from 'node:assert/strict';
import type { FilterContext } from '../../../src/core/search/filterConditions.ts';
import { IssueFilter, parseIssueFilter } from '../../../src/core/search/issueFilter.ts';

/** A filter that means something. */
export function filterOf(text: string, { me = [], now = 0, ...more }: Partial<FilterContext> = {}): IssueFilter {
  const filter = parseIssueFilter(text, { me, now, ...more });
  assert.ok(filter instanceof IssueFilter, String(filter));
  return filter;
}
