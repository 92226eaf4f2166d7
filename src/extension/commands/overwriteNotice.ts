import { basename } from 'node:path';
import { commands, EventEmitter, l10n, type TextDocument, Uri, window, workspace } from 'vscode';
import { type Disk, type Disposable, isNoFile, type RestoreEdit, versionOf } from '../../core/index.ts';
import { DisposableList } from '../disposableList.ts';
import type { LastCleanTexts } from '../editors/lastCleanTexts.ts';
import { withoutReturns } from '../editors/textChange.ts';
import { withoutLinks } from '../inertText.ts';
import type { WorkspaceStores } from '../stores/workspaceStores.ts';
import type { UndoDeps } from './undoCommand.ts';

/** The scheme of read-only documents that show what a save has replaced. */
const REPLACED_SCHEME = 'markdown-issues-replaced';

export interface OverwriteNoticeDeps extends UndoDeps {
  readonly stores: WorkspaceStores;
  readonly disk: Disk;
  readonly seen: LastCleanTexts;
}

/**
 * Warns when saving an issue has replaced an edit that its user had not seen, and offers undo. VS Code compares only size and time before
 * it saves over a file, so it misses an edit of the same size.
 */
export function registerOverwriteNotice(deps: OverwriteNoticeDeps): Disposable {
  const { stores, seen, disk, logger } = deps;
  const onError = (error: unknown) => logger.error(error instanceof Error ? error : String(error));
  const lifetime = new DisposableList(onError);
  const replaced = new WeakMap<TextDocument, Buffer>();
  const texts = new Map<string, string>();
  const didChange = lifetime.add(new EventEmitter<Uri>());
  const provider = { onDidChange: didChange.event, provideTextDocumentContent: (uri: Uri) => texts.get(uri.path) ?? '' };
  lifetime.add(workspace.registerTextDocumentContentProvider(REPLACED_SCHEME, provider));
  lifetime.add(
    workspace.onWillSaveTextDocument((event) => {
      const { document } = event;
      replaced.delete(document);
      if (stores.issueOf(document.uri) !== undefined && seen.knows(document)) {
        event.waitUntil(
          unseenOf(disk, seen, document).then((bytes) => {
            if (bytes !== undefined) {
              replaced.set(document, bytes);
            }
          }, onError),
        );
      }
    }),
  );
  lifetime.add(
    workspace.onDidSaveTextDocument((document) => {
      const bytes = replaced.get(document);
      if (bytes !== undefined && replaced.delete(document)) {
        const show = (text: string) => {
          texts.set(document.uri.path, text);
          didChange.fire(replacedUri(document.uri));
        };
        notify(deps, document, bytes, show).catch(onError);
      }
    }),
  );
  return lifetime;
}

/** The file's bytes, unless the document's user has seen them or is about to save the same text. */
async function unseenOf(disk: Disk, seen: LastCleanTexts, document: TextDocument): Promise<Buffer | undefined> {
  const found = await disk.read(document.uri.fsPath).catch((error: unknown) => {
    if (!isNoFile(error)) {
      throw error;
    }
  });
  const text = found && (await workspace.decode(found.bytes, { encoding: document.encoding }));
  const isKnown = text === undefined || seen.has(document, text) || withoutReturns(text) === withoutReturns(document.getText());
  return isKnown ? undefined : found?.bytes;
}

async function notify(deps: OverwriteNoticeDeps, document: TextDocument, bytes: Buffer, show: (text: string) => void): Promise<void> {
  const { uri, encoding } = document;
  const issue = deps.stores.issueOf(uri);
  const store = issue?.source.store;
  if (issue === undefined || store?.folder === undefined) {
    return;
  }
  const saved = versionOf((await deps.disk.read(uri.fsPath)).bytes);
  const { key } = issue.summary;
  const undo: RestoreEdit = { kind: 'restore', store: store.folder, now: { key, version: saved }, was: { key, bytes } };
  const name = basename(uri.fsPath);
  const change = { store, undo: [undo], editedPaths: [store.filePathOf(issue.summary)] };
  const { rememberChange, undoEntry } = await import('./undoCommand.ts');
  const entry = rememberChange(deps, l10n.t('Saved {0} over a change on disk', name), [change]);
  const [compare, takeBack] = [l10n.t('Compare'), l10n.t('Undo')];
  const message = l10n.t('“{0}” had changed on disk. Saving it replaced that change.', name);
  const chosen = await window.showWarningMessage(withoutLinks(message), compare, takeBack);
  if (chosen === compare) {
    show(await workspace.decode(bytes, { encoding }));
    await commands.executeCommand('vscode.diff', replacedUri(uri), uri, l10n.t('{0} (replaced ↔ saved)', name));
  } else if (chosen === takeBack) {
    await undoEntry(deps, entry);
  }
}

function replacedUri(uri: Uri): Uri {
  return Uri.from({ scheme: REPLACED_SCHEME, path: uri.path });
}
