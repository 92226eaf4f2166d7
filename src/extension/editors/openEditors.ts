import { type Position, Range, type TextEditor, Uri, ViewColumn, window } from 'vscode';

export interface OpenIssueOptions {
  /** Beside the active editor. */
  readonly beside?: boolean;
  readonly preview?: boolean;
  /** Where the cursor goes; undefined keeps its position. */
  readonly place?: Position | undefined;
}

/** Opens an issue as the explorer opens a file: in a preview tab, or beside the active editor. */
export async function openIssueFile(
  filePath: string,
  { beside = false, preview = true, place }: OpenIssueOptions = {},
): Promise<TextEditor> {
  return window.showTextDocument(Uri.file(filePath), {
    preview,
    ...(beside ? { viewColumn: ViewColumn.Beside } : {}),
    ...(place ? { selection: new Range(place, place) } : {}),
  });
}
