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
import { type FindingSource, findingsOf, type StoreFinding } from '../../core/health/storeFindings.ts';
import type { IssueSummary } from '../../core/issue/issue.ts';
import type { Logger } from '../../core/logger.ts';
import { FINDING_CODES, findingMessage, shortened } from '../findingTexts.ts';

/** Name of the source of all problems of ours. */
export const DIAGNOSTIC_SOURCE = 'Markdown Issues';

/** How many files of one store are listed. More is a store that needs *Repair All Duplicates*, not a longer list. */
const LIMIT = 1000;
/** How many of the files that have to do with a problem it links to. */
const RELATED_LIMIT = 10;

export interface DiagnosedStore {
  /** For the log. */
  readonly name: string;
  filePathOf(issue: IssueSummary): string;
}

/** The problems of one store in the Problems view, kept by file. */
export class StoreDiagnostics {
  readonly #collection: DiagnosticCollection;
  readonly #logger: Logger;
  readonly #store: DiagnosedStore;
  readonly #limit: number;
  readonly #shown = new Set<string>();
  /** Files with problems for which there was no room, as what makes their problems. */
  readonly #waiting = new Map<string, () => Diagnostic[]>();
  /** Paths of what lies beside the issues and has a problem. */
  readonly #beside = new Set<string>();
  #saidSo = false;

  constructor(collection: DiagnosticCollection, logger: Logger, store: DiagnosedStore, limit = LIMIT) {
    this.#collection = collection;
    this.#logger = logger;
    this.#store = store;
    this.#limit = limit;
  }

  /** Says anew what is wrong with these issues. */
  update(source: FindingSource, summaries: Iterable<IssueSummary>): void {
    for (const summary of summaries) {
      const filePath = this.#store.filePathOf(summary);
      // Another folder can be the store's by now.
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

  /** Forgets what is no issue any more. */
  remove(summaries: Iterable<IssueSummary>): void {
    for (const summary of summaries) {
      this.#clear(this.#store.filePathOf(summary));
    }
    this.#fillUp();
  }

  /**
   * Takes these for all that is beside the issues.
   * @param strays files in the store's other folders.
   * @param garbled files whose names are not UTF-8, as far as these can be told. Their folders have the problem, since nothing else can be named.
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

  /** Takes all of it away. */
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
    if (!this.#saidSo) {
      this.#saidSo = true;
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
    this.#saidSo = false;
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

/** Problems are of whole files: they stand at the beginning. */
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
