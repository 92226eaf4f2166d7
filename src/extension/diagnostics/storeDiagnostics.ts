import { basename, dirname } from 'node:path';
import {
  Diagnostic,
  type DiagnosticCollection,
  DiagnosticRelatedInformation,
  DiagnosticSeverity,
  Location,
  l10n,
  Position,
  Range,
  Uri,
} from 'vscode';
import { type FindingSource, findingsOf, type IssueSummary, type Logger, type StoreFinding } from '../../core/index.ts';
import { FINDING_CODES, findingMessage, shortened } from '../findingTexts.ts';

/** `source` of every diagnostic of the extension. */
export const DIAGNOSTIC_SOURCE = 'Markdown Issues';

/** The most files of one store that are listed. A store with more needs *Repair All Duplicates*, not a longer list. */
const LIMIT = 1000;
/** The most files that a problem links to. */
const RELATED_LIMIT = 10;

export interface DiagnosedStore {
  /** For the log. */
  readonly name: string;
  filePathOf(issue: IssueSummary): string;
}

/** The diagnostics of one store, by file. */
export class StoreDiagnostics {
  readonly #collection: DiagnosticCollection;
  readonly #logger: Logger;
  readonly #store: DiagnosedStore;
  readonly #limit: number;
  readonly #shown = new Set<string>();
  /** Files beyond the limit, with a function that makes their diagnostics. */
  readonly #waiting = new Map<string, () => Diagnostic[]>();
  /** Paths with a problem that are not issues: stray files, and folders with garbled names. */
  readonly #beside = new Set<string>();
  #isLimitLogged = false;

  constructor(collection: DiagnosticCollection, logger: Logger, store: DiagnosedStore, limit = LIMIT) {
    this.#collection = collection;
    this.#logger = logger;
    this.#store = store;
    this.#limit = limit;
  }

  update(source: FindingSource, summaries: Iterable<IssueSummary>): void {
    for (const summary of summaries) {
      const filePath = this.#store.filePathOf(summary);
      // A stray file becomes an issue when its folder becomes part of the store.
      this.#beside.delete(filePath);
      const findings = findingsOf(source, summary);
      if (findings.length === 0) {
        this.#clear(filePath);
      } else {
        this.#set(filePath, () => findings.map((finding) => this.#diagnosticOf(finding)));
      }
    }
    this.#fillUp();
  }

  /** Removes the diagnostics of issues that no longer exist. */
  remove(summaries: Iterable<IssueSummary>): void {
    for (const summary of summaries) {
      this.#clear(this.#store.filePathOf(summary));
    }
    this.#fillUp();
  }

  /**
   * Replaces the diagnostics of everything that is not an issue.
   * @param strays files in other folders of the store.
   * @param garbled files whose names are not UTF-8, decoded as far as possible. No URI can name them, so their folder gets the diagnostic.
   */
  showBeside(strays: readonly string[], garbled: readonly string[]): void {
    const current = new Map(strays.map((filePath) => [filePath, () => [strayDiagnostic()]]));
    for (const [folder, filePaths] of Map.groupBy(garbled, (filePath) => dirname(filePath))) {
      current.set(folder, () => [garbledDiagnostic(filePaths.map((filePath) => basename(filePath)))]);
    }
    for (const path of [...this.#beside].filter((each) => !current.has(each))) {
      this.#beside.delete(path);
      this.#clear(path);
    }
    for (const [path, make] of current) {
      this.#beside.add(path);
      this.#set(path, make);
    }
    this.#fillUp();
  }

  clear(): void {
    this.#waiting.clear();
    for (const filePath of [...this.#shown]) {
      this.#clear(filePath);
    }
    this.#beside.clear();
  }

  #set(filePath: string, make: () => Diagnostic[]): void {
    if (this.#shown.has(filePath) || this.#shown.size < this.#limit) {
      this.#waiting.delete(filePath);
      this.#shown.add(filePath);
      this.#collection.set(Uri.file(filePath), make());
      return;
    }
    this.#waiting.set(filePath, make);
    if (!this.#isLimitLogged) {
      this.#isLimitLogged = true;
      this.#logger.warn(
        `${this.#store.name} has problems in more than ${this.#limit} files. The Problems view lists ${this.#limit} of them.`,
      );
    }
  }

  #clear(filePath: string): void {
    this.#waiting.delete(filePath);
    if (this.#shown.delete(filePath)) {
      this.#collection.delete(Uri.file(filePath));
    }
  }

  #fillUp(): void {
    for (const [filePath, make] of this.#waiting) {
      if (this.#shown.size >= this.#limit) {
        return;
      }
      this.#set(filePath, make);
    }
    this.#isLimitLogged = false;
  }

  #diagnosticOf(finding: StoreFinding): Diagnostic {
    const diagnostic = diagnosticFor(findingMessage(finding), DiagnosticSeverity.Warning, FINDING_CODES[finding.kind]);
    if (finding.kind === 'sharedNumber' || finding.kind === 'bothFolders') {
      const others = finding.kind === 'sharedNumber' ? finding.others.slice(0, RELATED_LIMIT) : [finding.other];
      diagnostic.relatedInformation = others.map((other) => {
        const location = new Location(Uri.file(this.#store.filePathOf(other)), new Position(0, 0));
        return new DiagnosticRelatedInformation(location, other.title);
      });
    }
    return diagnostic;
  }
}

/** A problem concerns the whole file and is shown at its beginning. */
const START = new Range(0, 0, 0, 0);

function strayDiagnostic(): Diagnostic {
  const message = l10n.t(
    'This file is not an issue because its folder is not part of the issue store. Move it into the store to make it one.',
  );
  return diagnosticFor(message, DiagnosticSeverity.Information, FINDING_CODES.strayFile);
}

function garbledDiagnostic(names: readonly string[]): Diagnostic {
  const message = l10n.t('These files cannot be listed or opened because their names are not UTF-8: {0}. Rename them.', shortened(names));
  return diagnosticFor(message, DiagnosticSeverity.Warning, FINDING_CODES.garbledName);
}

function diagnosticFor(message: string, severity: DiagnosticSeverity, code: string): Diagnostic {
  const diagnostic = new Diagnostic(START, message, severity);
  diagnostic.source = DIAGNOSTIC_SOURCE;
  diagnostic.code = code;
  return diagnostic;
}
