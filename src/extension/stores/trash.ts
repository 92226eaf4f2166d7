import { env, FileSystemError, l10n, UIKind, Uri, workspace } from 'vscode';
import { IssueError, messageOf } from '../../core/index.ts';

/** True if deleted files can be fetched back: the explorer's own setting says so, and files on another machine have no trash. */
export function hasTrash(): boolean {
  return workspace.getConfiguration('files').get('enableTrash', true) && env.remoteName === undefined && env.uiKind === UIKind.Desktop;
}

/** Takes a file to the trash, or away for good where there is none. @throws an error with the code `ENOENT` if it is not there. */
export async function discardFile(filePath: string): Promise<void> {
  const useTrash = hasTrash();
  try {
    await workspace.fs.delete(Uri.file(filePath), { useTrash });
  } catch (error) {
    if (error instanceof FileSystemError && error.code === 'FileNotFound') {
      throw Object.assign(new Error(error.message, { cause: error }), { code: 'ENOENT' });
    }
    if (useTrash) {
      throw new IssueError(
        'notWritable',
        l10n.t(
          '{0} could not be moved to the trash. Turn off the setting “files.enableTrash” to delete files for good. ({1})',
          filePath,
          messageOf(error),
        ),
        { cause: error },
      );
    }
    throw error;
  }
}
