import { extname } from 'node:path';
import { type Memento, type TextDocument, window, workspace } from 'vscode';
import { type Disposable, ISSUE_EXTENSION, versionOf } from '../../core/index.ts';
import { DisposableList } from '../disposableList.ts';
import { hasUnsavedChanges, uriOf } from './openFiles.ts';
import { withoutReturns } from './textChange.ts';

/** How many texts of a document are kept. Texts from during a save are kept in addition until the next text. */
const KEPT = 2;
/** Workspace state for documents with unsaved changes, which VS Code restores when the window is reopened. */
const MEMORY_KEY = 'textsBeforeUnsavedChanges';

/** Versions of texts, by the path of the file. */
type Remembered = Readonly<Record<string, readonly string[]>>;

/**
 * Remembers, as versions, the texts that open documents had without unsaved changes: what the user has seen of the disk.
 *
 * VS Code reports the first typed key before it marks the document dirty, so the newest text may never have been on disk; the text before
 * it is kept as well. When the user types during a save, VS Code does not say which text it wrote, so all texts from during the save are kept.
 */
export class LastCleanTexts implements Disposable {
  readonly #versions = new WeakMap<TextDocument, readonly string[]>();
  readonly #lastClean = new WeakMap<TextDocument, string>();
  readonly #memory: Memento;
  /** Documents that are being saved, with the versions of their texts since the save began. */
  readonly #saving = new WeakMap<TextDocument, Set<string>>();
  readonly #onError: (error: unknown) => void;
  readonly #lifetime: DisposableList;

  constructor(memory: Memento, onError: (error: unknown) => void) {
    this.#memory = memory;
    this.#onError = onError;
    this.#lifetime = new DisposableList(onError);
    this.#lifetime.add(workspace.onDidOpenTextDocument((document) => this.#see(document)));
    this.#lifetime.add(
      workspace.onWillSaveTextDocument(({ document }) => this.#saving.set(document, new Set([textVersion(document.getText())]))),
    );
    this.#lifetime.add(workspace.onDidSaveTextDocument((document) => this.#saved(document)));
    this.#lifetime.add(
      workspace.onDidChangeTextDocument(({ document }) => {
        this.#saving.get(document)?.add(textVersion(document.getText()));
        this.#see(document);
      }),
    );
    this.#lifetime.add(
      window.tabGroups.onDidChangeTabs(({ changed, closed }) => {
        // On save and revert VS Code updates the document first and its tab later.
        const concerned = new Set([...changed, ...closed].map((tab) => uriOf(tab)?.toString()));
        for (const document of workspace.textDocuments.filter(({ uri }) => concerned.has(uri.toString()))) {
          this.#see(document);
        }
      }),
    );
    this.#lifetime.add(workspace.onDidCloseTextDocument(({ uri }) => this.#remember(uri.fsPath, undefined)));
    for (const document of workspace.textDocuments) {
      this.#see(document);
    }
  }

  /** False if no text is known, which happens with unsaved changes from before this window was opened. */
  knows(document: TextDocument): boolean {
    return this.#versionsOf(document) !== undefined;
  }

  /** True if the user has seen this text in the document. */
  has(document: TextDocument, text: string): boolean {
    const version = textVersion(text);
    // A save in flight may have written any text since it began.
    return (this.#versionsOf(document)?.includes(version) ?? false) || (this.#saving.get(document)?.has(version) ?? false);
  }

  /** The text when the document last had no unsaved changes; undefined if it has had unsaved changes ever since it was opened. */
  lastClean(document: TextDocument): string | undefined {
    return this.#lastClean.get(document);
  }

  /** Records that the user has seen this text in the document. */
  add(document: TextDocument, text: string): void {
    this.#add(document, [textVersion(text)]);
  }

  dispose(): void {
    this.#lifetime.dispose();
  }

  #add(document: TextDocument, versions: readonly string[]): void {
    const known = this.#versionsOf(document)?.slice(1 - KEPT) ?? [];
    if (versions.length > 1 || versions[0] !== known.at(-1)) {
      this.#versions.set(document, [...known, ...versions]);
    }
  }

  #versionsOf(document: TextDocument): readonly string[] | undefined {
    return this.#versions.get(document) ?? this.#memory.get<Remembered>(MEMORY_KEY, {})[document.uri.fsPath];
  }

  #saved(document: TextDocument): void {
    const texts = [...(this.#saving.get(document) ?? [])];
    // More than one text: the user typed during the save, which may have written any of them.
    if (texts.length > 1) {
      this.#add(document, texts);
    }
    this.#saving.delete(document);
    this.#see(document);
  }

  #see(document: TextDocument): void {
    const { fsPath, scheme } = document.uri;
    if (scheme !== 'file' || extname(fsPath) !== ISSUE_EXTENSION) {
      return;
    }
    const seen = this.#versions.get(document);
    if (!hasUnsavedChanges(document)) {
      const text = document.getText();
      this.#lastClean.set(document, text);
      this.add(document, text);
      this.#remember(fsPath, undefined);
    } else if (seen !== undefined) {
      this.#remember(fsPath, seen);
    }
  }

  #remember(filePath: string, versions: readonly string[] | undefined): void {
    const { [filePath]: known, ...others } = this.#memory.get<Remembered>(MEMORY_KEY, {});
    if (known?.join() !== versions?.join()) {
      this.#memory.update(MEMORY_KEY, versions === undefined ? others : { ...others, [filePath]: versions }).then(undefined, this.#onError);
    }
  }
}

function textVersion(text: string): string {
  return versionOf(Buffer.from(withoutReturns(text)));
}
