/** The editors that may show the store's files, so that moving or deleting a file does not lose unsaved changes in them. */
export interface FileEditors {
  /**
   * Returns a function that renames the file and its open editors in one operation; undefined if that is not possible, and then the caller
   * renames the file. The function resolves to false if it changed nothing.
   */
  renaming(from: string, to: string): (() => Promise<boolean>) | undefined;
  /** Makes editors that still show the old path show the new one, with their unsaved changes. Never rejects. */
  follow(from: string, to: string): Promise<void>;
  /**
   * Closes the editors of a file before it is deleted.
   * @returns a function that reopens them if the deletion fails.
   * @throws IssueError `conflict` if one has unsaved changes.
   */
  close(filePath: string): Promise<() => Promise<void>>;
}

/** For a store outside an editor. */
export const NO_EDITORS: FileEditors = {
  renaming: () => undefined,
  follow: async () => undefined,
  close: async () => async () => undefined,
};
