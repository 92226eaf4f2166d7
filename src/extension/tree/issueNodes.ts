import type { IssueRange, IssueSummary, IssueTask } from '../../core/index.ts';
import type { WorkspaceStore } from '../stores/workspaceStores.ts';

/** A store; shown only where there are several. */
export interface FolderNode {
  readonly kind: 'folder';
  readonly source: WorkspaceStore;
}

/** The group of folders in the store that are not the store's. Groups of issues are called as in {@link IssueGroups}, never so. */
export const OTHER_FOLDERS = 'otherFolders';

/** A group of issues, or {@link OTHER_FOLDERS}. */
export interface GroupNode {
  readonly kind: 'group';
  readonly source: WorkspaceStore;
  readonly group: string;
}

/** A part of a group that has too many issues to show them all at once. */
export interface RangeNode {
  readonly kind: 'range';
  readonly source: WorkspaceStore;
  readonly group: string;
  readonly range: IssueRange;
}

/** A row of an issue. An issue has one in each of its groups. */
export interface IssueNode {
  readonly kind: 'issue';
  readonly source: WorkspaceStore;
  readonly group: string;
  /** Replaced when the issue changes: the node is the row, and the row stays. */
  summary: IssueSummary;
}

/** A task box in an issue's text. */
export interface TaskNode {
  readonly kind: 'task';
  readonly source: WorkspaceStore;
  readonly issue: IssueNode;
  /** Its text and which of several tasks with that text it is, so that it stays the same while lines come and go above it. */
  readonly id: string;
  /** Whether no other task of the issue has its text. */
  isUnique: boolean;
  /** The task that it is nested in. */
  parent: TaskNode | undefined;
  /** Replaced when the text changes, as the summary of an issue. */
  task: IssueTask;
}

/** Stands for the tasks of an issue that has more of them than are shown. */
export interface MoreTasksNode {
  readonly kind: 'moreTasks';
  readonly source: WorkspaceStore;
  readonly issue: IssueNode;
  /** The line of the first one. */
  readonly line: number;
  readonly count: number;
}

/** A folder in the store that is not the store's. */
export interface OtherFolderNode {
  readonly kind: 'otherFolder';
  readonly source: WorkspaceStore;
  /** Path in the store, with `/` between the parts. */
  readonly path: string;
}

export type TaskRowNode = TaskNode | MoreTasksNode;

export type IssueTreeNode = FolderNode | GroupNode | RangeNode | IssueNode | TaskRowNode | OtherFolderNode;

export function isIssueNode(value: unknown): value is IssueNode {
  return typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'issue';
}

/** True for anything that a tree hands to a command. */
export function isIssueTreeNode(value: unknown): value is IssueTreeNode {
  return typeof value === 'object' && value !== null && 'kind' in value && 'source' in value;
}

export function isTaskNode(value: unknown): value is TaskNode {
  return isIssueTreeNode(value) && value.kind === 'task';
}
