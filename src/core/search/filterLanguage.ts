import { completionsFor, countFilterValues, endsUnknown } from './filterCompletions.ts';
import { parseIssueFilter } from './issueFilter.ts';
import { searchTitles } from './titleSearch.ts';

/** Reading filters, completing them, and searching by them. */
export const FILTER_LANGUAGE = { parseIssueFilter, completionsFor, countFilterValues, endsUnknown, searchTitles } as const;
