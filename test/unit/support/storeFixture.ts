import type { StoreFormat, StorePlace } from '../../../src/core/formats/storeFormat.ts';
import { type DescribedIssue, describedIssues } from './describedIssues.ts';
import { TemporaryFolder } from './temporaryFolder.ts';

/** The issues that a format finds in a workspace folder with these files, by path. @param places instead of those that it detects */
export async function issuesAmong(
  files: Readonly<Record<string, string>>,
  format: StoreFormat,
  places?: readonly StorePlace[],
): Promise<Readonly<Record<string, DescribedIssue>>> {
  const folder = new TemporaryFolder();
  try {
    folder.writeAll(files);
    const issues = await describedIssues(folder.path, format, places);
    return Object.fromEntries(issues.map((issue) => [issue.path, issue]));
  } finally {
    folder.dispose();
  }
}
