/**
 * The editors that may show a store's files, as far as storage has to do with them: a file that is moved or deleted while somebody types
 * in it must not lose what is typed. Outside an editor there are none.
 */
export interface FileEditors {
  /**
   * What gives a file another name together with every editor that shows it, where that can be done at once; else the caller moves the
   * file itself. It answers false if it has changed nothing.
   */
  renaming(from: string, to: string): (() => Promise<boolean>) | undefined;
  /** Lets the editors that still show the old name show the new one, and carries along what is typed meanwhile. Never rejects. */
  follow(from: string, to: string): Promise<void>;
  /**
   * Closes what shows a file that is about to be deleted.
   * @returns what shows it again if it is not deleted after all.
   * @throws IssueError `conflict` while it has unsaved changes.
   */
  close(filePath: string): Promise<() => Promise<void>>;
}

/** For a store whose files no editor shows. */
export const NO_EDITORS: FileEditors = {
  renaming: () => undefined,
  follow: async () => undefined,
  close: async () => async () => undefined,
};
