/** Every command, as `package.json` declares it. A test holds the two against each other. */
export const commandIds = {
  createIssue: 'markdownIssues.createIssue',
  completeIssue: 'markdownIssues.completeIssue',
  reopenIssue: 'markdownIssues.reopenIssue',
  completeIssueInline: 'markdownIssues.completeIssueInline',
  reopenIssueInline: 'markdownIssues.reopenIssueInline',
  renameIssue: 'markdownIssues.renameIssue',
  renumberIssue: 'markdownIssues.renumberIssue',
  deleteIssue: 'markdownIssues.deleteIssue',
  undoLastChange: 'markdownIssues.undoLastChange',
  goToIssue: 'markdownIssues.goToIssue',
  searchIssues: 'markdownIssues.searchIssues',
  filterIssues: 'markdownIssues.filterIssues',
  clearFilter: 'markdownIssues.clearFilter',
  openIssue: 'markdownIssues.openIssue',
  openIssueToSide: 'markdownIssues.openIssueToSide',
  copyIssueId: 'markdownIssues.copyIssueId',
  compareWithDuplicate: 'markdownIssues.compareWithDuplicate',
  reopenWithEncoding: 'markdownIssues.reopenWithEncoding',
  moveIntoStore: 'markdownIssues.moveIntoStore',
  repairDuplicates: 'markdownIssues.repairDuplicates',
  revealOtherFolder: 'markdownIssues.revealOtherFolder',
  refresh: 'markdownIssues.refresh',
  verifyStore: 'markdownIssues.verifyStore',
  showCompleted: 'markdownIssues.showCompleted',
  hideCompleted: 'markdownIssues.hideCompleted',
  clearCache: 'markdownIssues.clearCache',
  showMetrics: 'markdownIssues.showMetrics',
  resetMetrics: 'markdownIssues.resetMetrics',
  showLog: 'markdownIssues.showLog',
} as const;

export type CommandId = (typeof commandIds)[keyof typeof commandIds];

/** Those that change files. `package.json` offers them in a trusted workspace only. */
export const WRITING_COMMANDS: ReadonlySet<string> = new Set<CommandId>([
  commandIds.createIssue,
  commandIds.completeIssue,
  commandIds.reopenIssue,
  commandIds.completeIssueInline,
  commandIds.reopenIssueInline,
  commandIds.renameIssue,
  commandIds.renumberIssue,
  commandIds.deleteIssue,
  commandIds.moveIntoStore,
  commandIds.repairDuplicates,
  commandIds.undoLastChange,
]);
