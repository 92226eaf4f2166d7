import type { IssueState } from '../issue/issueState.ts';
import { stateOfWord } from '../issue/issueState.ts';
import { type FieldValue, isList, textOf } from './fieldValues.ts';

/** Columns where nobody has begun yet. */
const WAITING = new Set(['backlog', 'todo', 'ready']);

/** The names of a board's columns, which configurations list as texts or as mappings with a `name`. */
export function columnNames(value: FieldValue): readonly string[] {
  const items = isList(value) ? value : [];
  return items.flatMap((item) => textOf(item instanceof Map ? item.get('name') : item) ?? []);
}

/** The state of an issue in a column that means nothing else to its tool: what has left the first columns is under way. */
export function stateOfColumn(column: string | undefined, columns: readonly string[]): IssueState {
  if (column === undefined || column === columns[0] || WAITING.has(column.toLowerCase().replace(/[\s_-]/g, ''))) {
    return 'open';
  }
  return stateOfWord(column) ?? 'active';
}
