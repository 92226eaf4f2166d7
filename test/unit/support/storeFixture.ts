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

/** All beginnings of a text and all ends, each also with the other line endings and with a byte order mark, and texts that are no markdown. */
export function brokenVersionsOf(text: string): readonly string[] {
  const cuts = Array.from({ length: text.length + 1 }, (_, at) => [text.slice(0, at), text.slice(at)]).flat();
  return [
    ...cuts.flatMap((cut) => [cut, cut.replaceAll('\n', '\r\n'), `\ufeff${cut}`]),
    '---\n---\n',
    '---\n- a\n---\n',
    '---\n{\n---\n',
    '---\nid: *x\n---\n',
    '---\n? [a]\n: b\n---\n',
    '+++\n',
    '\0\ufffd',
  ];
}
