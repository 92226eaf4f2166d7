/** What core offers to those outside it. A test holds them to import nothing else of core. */

// biome-ignore lint/performance/noBarrelFile: the only one, so that what is public is said in one place
export { assertDefined } from './assertDefined.ts';
export { ArrangedIssues, type IssueTest } from './catalogue/arrangedIssues.ts';
export {
  type Arrangement,
  DEFAULT_ARRANGEMENT,
  DIRECTIONS,
  GROUP_BY,
  type GroupBy,
  type IssueSort,
  isSameArrangement,
  isSameSort,
  readArrangement,
  SORT_BY,
  type SortBy,
} from './catalogue/arrangement.ts';
export { CatalogueGroups } from './catalogue/catalogueGroups.ts';
export type { IssueChange } from './catalogue/issueCatalogue.ts';
export { NO_VALUE, OPEN_AND_COMPLETED } from './catalogue/issueGrouping.ts';
export {
  type GroupChange,
  type GroupsChange,
  growsAtStart,
  hasRepeats,
  type IssueGroups,
  isFlat,
  isNested,
  noGroups,
} from './catalogue/issueGroups.ts';
export type { IssueList } from './catalogue/issueList.ts';
export { type IssueRange, IssueRanges } from './catalogue/issueRanges.ts';
export type { IssueReference, IssueRelations } from './catalogue/issueRelations.ts';
export { placeIn } from './catalogue/sortedIssues.ts';
export { type Clock, type Schedule, systemClock, systemSchedule } from './clock.ts';
export { type Disk, isNoFile } from './disk/disk.ts';
export { NodeDisk } from './disk/nodeDisk.ts';
export { type Disposable, Emitter, type Event } from './events.ts';
export { NUMBERED_FORMAT } from './formats/numbered.ts';
export { idOfKey, keyWithId, twinKey } from './formats/numberedLayout.ts';
export type { FormatWrites, StoreFormat } from './formats/storeFormat.ts';
export { planRepair } from './health/duplicateRepair.ts';
export { FindingChecks } from './health/findingChecks.ts';
export { loadReferenceSearch } from './health/loadReferenceSearch.ts';
export type { SurveyedMention, SurveySource } from './health/referenceSearch.ts';
export {
  concernedBy,
  type FindingKind,
  type FindingSource,
  findingsOf,
  isHarmless,
  isLarge,
  type StoreFinding,
} from './health/storeFindings.ts';
export { compareIssues, type Issue, type IssueKey, type IssueProblem, type IssueSummary } from './issue/issue.ts';
export { ConflictError, IssueError, IssueNotFoundError, messageOf } from './issue/issueErrors.ts';
export type { IssueFields } from './issue/issueFields.ts';
export {
  formatIssueId,
  ISSUE_EXTENSION,
  MAX_ISSUE_NUMBER,
  nextIssueNumber,
  originalOfCopy,
  parseIssueId,
  renumberedId,
  sanitizeIssueName,
} from './issue/issueFileName.ts';
export { issuePath } from './issue/issueKey.ts';
export { type IssueState, isCompleted, stateOfWord } from './issue/issueState.ts';
export { folderOf, joined, nameOf } from './issue/relativePath.ts';
export type { Logger } from './logger.ts';
export { excerptOf } from './markdown/issueMarkdown.ts';
export { loadTaskReading, type TaskReading } from './markdown/loadTasks.ts';
export type { IssueTask } from './markdown/taskBoxes.ts';
export type {
  MetricsSample,
  MetricsSnapshot,
  Operation,
  OperationSample,
  OperationStats,
  StoreSnapshot,
} from './metrics/metricsSnapshot.ts';
export { isInsideFolder, isSamePath } from './paths.ts';
export type { FilterCompletion, FilterValues } from './search/filterCompletions.ts';
export type { FilterRemark } from './search/filterError.ts';
export type { FilterKey } from './search/filterWords.ts';
export type { IssueFilter } from './search/issueFilter.ts';
export { type FilterLanguage, loadFilterLanguage } from './search/loadFilterLanguage.ts';
export type { TextMatch } from './search/textSearch.ts';
export type { FileEditors } from './storage/fileEditors.ts';
export { readError } from './storage/fileErrors.ts';
export type { IssueStoragePort, RestoreEdit } from './storage/issueStoragePort.ts';
export { versionOf } from './storage/issueVersion.ts';
export { codeOf, PartlyDoneError } from './storage/partlyDoneError.ts';
export { IssueStore, type StoreConfig } from './store/issueStore.ts';
export type { FoundStore, NamedStore, StoreEntry } from './store/storeEntries.ts';
export type { IssueStoreOptions, StoreSettings } from './store/storeOptions.ts';
export { StoreSet, type StoreSetSettings } from './store/storeSet.ts';
export type { Verification } from './sync/storeStatus.ts';
