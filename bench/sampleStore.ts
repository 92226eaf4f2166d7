import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { BACKLOG_FORMAT } from '../src/core/formats/backlog.ts';
import { FRONT_MATTER_FORMAT } from '../src/core/formats/frontMatterFolder.ts';
import { NUMBERED_FORMAT } from '../src/core/formats/numbered.ts';
import { issueKey } from '../src/core/formats/numberedLayout.ts';
import type { IssueKey } from '../src/core/issue/issue.ts';
import type { IssueStoreOptions } from '../src/core/store/storeOptions.ts';

/** A workspace folder with one store. */
export interface Workspace {
  /** Absolute path. */
  readonly root: string;
  readonly format: SampleFormat;
}

/** The format of a store of sample issues. */
export type SampleFormat = keyof typeof SAMPLES;

/** The issues of each format: where they are, and what stands in them before the tasks, as the tools write it. */
const SAMPLES = {
  numbered: {
    store: { format: NUMBERED_FORMAT },
    folder: 'issues',
    nameOf: sampleId,
    headOf: (number: number) => `# Issue number ${number}\n`,
  },
  backlog: {
    store: { format: BACKLOG_FORMAT, place: { folder: 'backlog', config: 'backlog/config.yml' } },
    folder: 'backlog/tasks',
    nameOf: (number: number) => `task-${number} - Issue-number-${number}`,
    headOf: backlogHead,
  },
  frontMatter: {
    store: { format: FRONT_MATTER_FORMAT, place: { folder: 'items' } },
    folder: 'items',
    nameOf: taskId,
    headOf: frontMatterHead,
  },
};

const PRIORITIES = ['low', 'medium', 'high'];
/** Without the looks at remotes and other branches, which would cost the tool more. */
const BACKLOG_CONFIG = `project_name: "bench"
default_status: "To Do"
statuses: ["To Do", "In Progress", "Done"]
labels: []
remote_operations: false
check_active_branches: false
filesystem_only: true
task_prefix: "task"
`;

const SENTENCE = 'The listing shows every issue with its number, its title and how many of its tasks are done. ';
const SHORTEST = 500;
const LONGEST = 4000;

/** The text of sample issue `number`, always the same: front matter or a heading, prose and task boxes, 0.5 to 4 KB of it. */
export function sampleText(number: number, format: SampleFormat = 'numbered'): string {
  // A multiplicative hash spreads the lengths evenly over neighbouring numbers.
  const length = SHORTEST + ((number * 2_654_435_761) % (LONGEST - SHORTEST));
  const tasks = Array.from({ length: 1 + (number % 7) }, (_, index) => `- [${index % 2 === 0 ? 'x' : ' '}] Task ${index + 1}`).join('\n');
  const head = `${SAMPLES[format].headOf(number)}\n## Tasks\n${tasks}\n\n## Notes\n`;
  return `${(head + SENTENCE.repeat(Math.ceil(length / SENTENCE.length))).slice(0, length)}\n`;
}

/** Another text for the issue, which is longer by the length of `mark`. */
export function changedText(number: number, mark = 'Updated.\n'): string {
  return sampleText(number) + mark;
}

/** The file's name, without the extension. */
function sampleId(number: number): string {
  return `${String(number).padStart(6, '0')}_issue-${number}`;
}

export function sampleKey(number: number): IssueKey {
  return issueKey(sampleId(number), false);
}

/** Absolute path of the file of an issue that is not complete. */
export function samplePath(root: string, number: number, format: SampleFormat = 'numbered'): string {
  return join(issueFolderIn({ root, format }), `${SAMPLES[format].nameOf(number)}.md`);
}

/** The folder with the files of a workspace's issues. */
export function issueFolderIn({ root, format }: Workspace): string {
  return join(root, SAMPLES[format].folder);
}

/** What opens the store of a workspace. */
export function storeOf({ root, format }: Workspace): Pick<IssueStoreOptions, 'root' | 'format' | 'place'> {
  return { root, ...SAMPLES[format].store };
}

/** Makes a new workspace folder whose store has issues 1 to `count`, all of them active as in the seed's benchmarks. */
export function makeSampleStore({ root, format }: Workspace, count: number): void {
  mkdirSync(issueFolderIn({ root, format }), { recursive: true });
  if (format === 'backlog') {
    writeFileSync(join(root, 'backlog/config.yml'), BACKLOG_CONFIG);
  }
  for (let number = 1; number <= count; number++) {
    writeFileSync(samplePath(root, number, format), sampleText(number, format), { flag: 'wx' });
  }
}

/** Front matter as Backlog.md writes it. */
function backlogHead(number: number): string {
  return `---
id: TASK-${number}
title: ${number % 8 === 0 ? `'Issue number ${number}: all rows'` : `Issue number ${number}`}
status: ${number % 3 === 0 ? 'In Progress' : 'To Do'}
assignee:
  - '@person${number % 5}'
created_date: '2026-01-${twoDigits(1 + (number % 28))} ${twoDigits(number % 24)}:${twoDigits(number % 60)}'
updated_date: '2026-03-${twoDigits(1 + (number % 28))} 09:30'
labels:
  - bug
  - area${number % 20}
milestone: m-${number % 4}
dependencies:${number % 4 === 0 ? `\n  - TASK-${number - 1}` : ' []'}
references: []
priority: ${PRIORITIES[number % 3]}
ordinal: ${number}000
---

## Description
`;
}

/** Front matter as a tool writes it whose ids are no numbers. */
function frontMatterHead(number: number): string {
  return `---
id: ${taskId(number)}
title: Issue number ${number}
status: ${number % 3 === 0 ? 'in-progress' : 'planned'}
priority: ${PRIORITIES[number % 3]}
type: enhancement
effort: small
epic: null
depends_on: ${number % 4 === 0 ? `[${taskId(number - 1)}]` : '[]'}
blocks: []
assignee: person${number % 5}
tags:
- bug
- area${number % 20}
position: a${number}
created: 2026-01-${twoDigits(1 + (number % 28))}
updated: 2026-03-${twoDigits(1 + (number % 28))}
---

# Issue number ${number}
`;
}

function taskId(number: number): string {
  return `TASK-${number.toString(36).padStart(5, '0')}`;
}

function twoDigits(number: number): string {
  return String(number).padStart(2, '0');
}
