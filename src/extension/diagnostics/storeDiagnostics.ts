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
import { type IssueSummary, isHarmless, type Logger, type StoreConfig, type StoreFinding } from '../../core/index.ts';
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
  /** The same of files that only have findings which are harmless. They take no more than half of the places. */
  readonly #harmless = new Map<string, () => Diagnostic[]>();
  #config: StoreConfig | undefined;
  /** Paths with a problem that are not issues: stray files, and folders with garbled names. */
  readonly #beside = new Set<string>();
  #isLimitLogged = false;

  constructor(collection: DiagnosticCollection, logger: Logger, store: DiagnosedStore, limit = LIMIT) {
    this.#collection = collection;
    this.#logger = logger;
    this.#store = store;
    this.#limit = limit;
  }

  /** Replaces the diagnostics of an issue. */
  show(summary: IssueSummary, findings: readonly StoreFinding[]): void {
    const filePath = this.#store.filePathOf(summary);
    // A stray file becomes an issue when its folder becomes part of the store.
    this.#beside.delete(filePath);
    if (findings.length === 0) {
      this.#clear(filePath);
    } else {
      this.#set(filePath, () => findings.map((finding) => this.#diagnosticOf(finding)), findings.every(isHarmless));
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

  /** Replaces the diagnostic of the store's configuration. */
  showConfig(config: StoreConfig | undefined): void {
    const before = this.#config;
    if (before?.filePath === config?.filePath && before?.problem === config?.problem) {
      return;
    }
    if (before !== undefined) {
      this.#clear(before.filePath);
    }
    this.#config = config;
    if (config?.problem !== undefined) {
      const { line, message } = config.problem;
      this.#set(config.filePath, () => [diagnosticFor(message, DiagnosticSeverity.Warning, FINDING_CODES.configuration, line)]);
    }
  }

  clear(): void {
    this.#waiting.clear();
    this.#harmless.clear();
    this.#config = undefined;
    for (const filePath of [...this.#shown]) {
      this.#clear(filePath);
    }
    this.#beside.clear();
  }

  #set(filePath: string, make: () => Diagnostic[], areHarmless = false): void {
    this.#waiting.delete(filePath);
    this.#harmless.delete(filePath);
    if (this.#shown.has(filePath) || this.#shown.size < (areHarmless ? this.#limit / 2 : this.#limit)) {
      this.#shown.add(filePath);
      this.#collection.set(Uri.file(filePath), make());
      return;
    }
    (areHarmless ? this.#harmless : this.#waiting).set(filePath, make);
    if (!this.#isLimitLogged) {
      this.#isLimitLogged = true;
      this.#logger.warn(
        `${this.#store.name} has problems in more than ${this.#shown.size} files. The Problems view lists ${this.#shown.size} of them.`,
      );
    }
  }

  #clear(filePath: string): void {
    this.#waiting.delete(filePath);
    this.#harmless.delete(filePath);
    if (this.#shown.delete(filePath)) {
      this.#collection.delete(Uri.file(filePath));
    }
  }

  #fillUp(): void {
    this.#fillFrom(this.#waiting, this.#limit);
    this.#fillFrom(this.#harmless, this.#limit / 2);
    this.#isLimitLogged = this.#waiting.size + this.#harmless.size > 0;
  }

  #fillFrom(waiting: ReadonlyMap<string, () => Diagnostic[]>, limit: number): void {
    for (const [filePath, make] of waiting) {
      if (this.#shown.size >= limit) {
        return;
      }
      this.#set(filePath, make);
    }
  }

  #diagnosticOf(finding: StoreFinding): Diagnostic {
    const severity = isHarmless(finding) ? DiagnosticSeverity.Information : DiagnosticSeverity.Warning;
    const line = finding.kind === 'textProblem' ? finding.problem.line : 0;
    const diagnostic = diagnosticFor(findingMessage(finding), severity, FINDING_CODES[finding.kind], line);
    const others = relatedTo(finding).slice(0, RELATED_LIMIT);
    if (others.length > 0) {
      diagnostic.relatedInformation = others.map((other) => {
        const location = new Location(Uri.file(this.#store.filePathOf(other)), new Position(0, 0));
        return new DiagnosticRelatedInformation(location, other.title);
      });
    }
    return diagnostic;
  }
}

/** Other issues that a finding is about. */
function relatedTo(finding: StoreFinding): readonly IssueSummary[] {
  if (finding.kind === 'bothFolders') {
    return [finding.other];
  }
  return 'others' in finding ? finding.others : [];
}

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

/** @param line from 0; a problem of the whole file is shown at its beginning */
function diagnosticFor(message: string, severity: DiagnosticSeverity, code: string, line = 0): Diagnostic {
  const diagnostic = new Diagnostic(new Range(line, 0, line, 0), message, severity);
  diagnostic.source = DIAGNOSTIC_SOURCE;
  diagnostic.code = code;
  return diagnostic;
}
