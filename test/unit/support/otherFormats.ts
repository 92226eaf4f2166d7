import { BACKLOG_FORMAT } from '../../../src/core/formats/backlog.ts';
import { FRONT_MATTER_FORMAT } from '../../../src/core/formats/frontMatterFolder.ts';
import { SCRATCH_FORMAT } from '../../../src/core/formats/scratch.ts';
import type { IssueSummary } from '../../../src/core/issue/issue.ts';
import type { IssueStore } from '../../../src/core/store/issueStore.ts';

/** What opens a store of another format than ours, which is at `backlog/`, `.scratch/` or `notes/`. */
export const BACKLOG = { format: BACKLOG_FORMAT, place: { folder: 'backlog', config: 'backlog/config.yml' } } as const;
export const SCRATCH = { format: SCRATCH_FORMAT, place: { folder: '.scratch' } } as const;
export const NOTES = { format: FRONT_MATTER_FORMAT, place: { folder: 'notes' } } as const;

/** The text of a file with front matter. */
export function withFields(fields: Readonly<Record<string, string>>, body = ''): string {
  const lines = Object.entries(fields).map(([name, value]) => `${name}: ${value}\n`);
  return `---\n${lines.join('')}---\n${body}`;
}

/** A Backlog.md configuration with these statuses. */
export function backlogConfig(statuses: readonly string[], more = ''): string {
  return `project_name: Test\nstatuses: [${statuses.map((status) => JSON.stringify(status)).join(', ')}]\n${more}`;
}

/** Each list as id, state and title of its issues. */
export function rowsOf({ catalogue }: IssueStore): { readonly active: readonly string[]; readonly completed: readonly string[] } {
  const row = ({ id, state, title }: IssueSummary) => `${id} ${state} ${title}`;
  return { active: catalogue.active.map(row), completed: catalogue.completed.map(row) };
}
