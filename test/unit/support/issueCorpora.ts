import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { StoreFormat, StorePlace } from '../../../src/core/formats/storeFormat.ts';
import type { IssueFields } from '../../../src/core/issue/issueFields.ts';
import { type DescribedIssue, describedIssues } from './describedIssues.ts';

/** Real files of other tools with the values that they should give: `ISSUE_CORPORA`, else those beside the project, where they are there. */
export const CORPORA = process.env.ISSUE_CORPORA ?? join(process.cwd(), '..', 'shared', 'corpora');

interface ExpectedIssue {
  readonly path: string;
  readonly [field: string]: unknown;
}

interface Expected {
  readonly issues: readonly ExpectedIssue[];
  readonly notIssues: readonly string[];
}

/** A value that is different on purpose. */
export interface Deviation {
  readonly path: string;
  readonly field: string;
  readonly reason: string;
}

/**
 * Declares a test for each real store of a format: every issue with all values that are expected of it, and no other file.
 * @param placesIn the stores of a workspace folder that no marker shows, by the name of that folder
 */
export function itReadsTheCorpora(
  name: string,
  format: StoreFormat,
  { placesIn = {}, deviations = [] }: { placesIn?: Record<string, readonly StorePlace[]>; deviations?: readonly Deviation[] } = {},
): void {
  const expectedFile = join(CORPORA, 'expected', `${name}.json`);
  if (!existsSync(expectedFile)) {
    return;
  }
  const { issues, notIssues } = JSON.parse(readFileSync(expectedFile, 'utf8')) as Expected;
  const stores = new Set([...issues.map(({ path }) => path), ...notIssues].map((path) => path.split('/')[0] ?? ''));
  for (const store of stores) {
    it(`reads ${name}/${store} as its own tool does`, async () => {
      const found = await describedIssues(join(CORPORA, name, store), format, placesIn[store]);
      const expected = issues.filter(({ path }) => path.startsWith(`${store}/`));
      assert.deepEqual(
        found.map(({ path }) => `${store}/${path}`),
        expected.map(({ path }) => path).sort(),
      );
      const byPath = new Map(found.map((issue) => [`${store}/${issue.path}`, issue]));
      const differences = expected.flatMap((issue) => differencesOf(issue, byPath.get(issue.path) as DescribedIssue));
      assert.deepEqual(
        differences.filter(({ path, field }) => !deviations.some((each) => each.path === path && each.field === field)),
        [],
      );
    });
  }
}

function differencesOf(
  expected: ExpectedIssue,
  found: DescribedIssue,
): { path: string; field: string; expected: unknown; found: unknown }[] {
  const values = comparableValues(found);
  return Object.keys(values).flatMap((field) => {
    const [is, should] = [values[field], expected[field]];
    const isOpen = should === undefined || (field === 'dependencies' && expected.dependenciesCertain === false);
    return isOpen || JSON.stringify(is) === JSON.stringify(should) ? [] : [{ path: expected.path, field, expected: should, found: is }];
  });
}

/** The values as the expectations write them. */
function comparableValues({ id, title, state, fields, progress, problem }: DescribedIssue): Record<string, unknown> {
  const read: IssueFields = fields;
  return {
    ...{ id, title, state, progress },
    statusRaw: read.status ?? null,
    priority: read.priority ?? null,
    labels: read.labels ?? [],
    assignees: read.assignees ?? [],
    parent: read.parent ?? null,
    dependencies: read.dependencies ?? [],
    type: read.type ?? null,
    milestone: read.milestone ?? null,
    due: read.due ?? null,
    blocks: read.blocks ?? [],
    links: read.links ?? [],
    optional: read.optional ?? { done: 0, total: 0 },
    hasProblem: problem !== undefined,
  };
}
