import { assertDefined } from '../assertDefined.ts';
import type { IssueSummary } from '../issue/issue.ts';
import { FIT, IssueWords } from '../issue/issueWords.ts';
import { inSlices, type SliceOptions } from '../timeSlices.ts';

/** An issue that fits, and which of the searched lists it is in. */
export interface TitleMatch {
  readonly list: number;
  readonly summary: IssueSummary;
}

/**
 * The issues that fit a query best by number, title, id and fields, at most `limit` of them. A blank query fits every issue equally.
 *
 * @param lists the issues, e.g. the active ones and then the completed ones: of what fits equally well, an earlier list comes first, and
 *   what is in one list stays in its order. They are searched as they are now, whatever happens to them meanwhile.
 * @throws the signal's reason when aborted.
 */
export async function searchTitles(
  lists: readonly (readonly IssueSummary[])[],
  query: string,
  limit: number,
  options: SliceOptions = {},
): Promise<TitleMatch[]> {
  const words = new IssueWords(query);
  const found = Object.values(FIT).map(() => lists.map((): TitleMatch[] => []));
  for (const [list, issues] of lists.map((each) => [...each]).entries()) {
    const best = assertDefined(assertDefined(found[FIT.exact])[list]);
    await inSlices(
      issues.length,
      (index) => {
        const summary = assertDefined(issues[index]);
        const fit = words.fitOf(summary);
        const equals = fit === undefined ? undefined : found[fit]?.[list];
        if (equals !== undefined && equals.length < limit) {
          equals.push({ list, summary });
        }
        // Nothing that is still to come in this list could be among the first.
        return best.length < limit;
      },
      options,
    );
  }
  return found.flat(2).slice(0, limit);
}
