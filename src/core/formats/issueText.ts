import type { IssueFields } from '../issue/issueFields.ts';
import type { IssueState } from '../issue/issueState.ts';
import { stateOfWord } from '../issue/issueState.ts';
import type { FrontMatter } from '../markdown/frontMatter.ts';
import type { IssueOutline } from '../markdown/issueMarkdown.ts';
import { asTitle } from '../markdown/issueTitle.ts';
import { textOf } from './fieldValues.ts';

/**
 * The title of an issue whose tool keeps it in front matter and makes the file's name of it. The body comes last, because it begins with the
 * heading of a section, such as *Description*; without front matter, it comes before the name.
 *
 * @param titleOfName what the file's name says of the title
 */
export function frontMatterIssueTitle(
  { kind, values }: FrontMatter,
  { title }: IssueOutline,
  titleOfName: () => string | undefined,
): string | undefined {
  return asTitle(textOf(values.get('title')) ?? '') ?? (kind === 'none' ? title : undefined) ?? titleOfName() ?? title;
}

/** A part of a file's name as the words that it was made of. */
export function wordsOf(slug: string): string | undefined {
  return asTitle(slug.replaceAll('-', ' '));
}

/** For tools whose words mean what they usually mean; anything else is open. */
export function stateOfStatus({ status }: IssueFields): IssueState {
  return (status === undefined ? undefined : stateOfWord(status)) ?? 'open';
}
