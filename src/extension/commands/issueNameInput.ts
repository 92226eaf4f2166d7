import { InputBoxValidationSeverity, l10n, window } from 'vscode';
import { IssueError } from '../../core/issue/issueErrors.ts';
import { sanitizeIssueName } from '../../core/issue/issueFileName.ts';

export interface NameInputOptions {
  readonly title: string;
  readonly prompt: string;
  readonly value?: string;
  /** What the file will be called with this name, and why not, if it cannot be. */
  readonly preview: (name: string) => NamePreview;
}

export interface NamePreview {
  readonly fileName: string;
  readonly taken: boolean;
  /** What else the name does that the person may not expect; it is allowed. */
  readonly warning?: string | undefined;
}

/** Asks for an issue's name and checks it while it is typed. @returns what was typed, or undefined if it was dismissed. */
export function askForIssueName({ title, prompt, value, preview }: NameInputOptions): Thenable<string | undefined> {
  return window.showInputBox({
    title,
    prompt,
    ...(value === undefined ? {} : { value }),
    placeHolder: l10n.t('For example: fix the login'),
    ignoreFocusOut: true,
    validateInput: (typed) => {
      if (typed.trim() === '') {
        return typed === '' ? undefined : { message: l10n.t('Type a name.'), severity: InputBoxValidationSeverity.Error };
      }
      try {
        return judged(preview(sanitizeIssueName(typed)));
      } catch (error) {
        if (error instanceof IssueError) {
          return { message: error.message, severity: InputBoxValidationSeverity.Error };
        }
        throw error;
      }
    },
  });
}

function judged({ fileName, taken, warning }: NamePreview) {
  if (taken) {
    return { message: l10n.t('{0} exists already.', fileName), severity: InputBoxValidationSeverity.Error };
  }
  return warning === undefined
    ? { message: l10n.t('The file will be {0}', fileName), severity: InputBoxValidationSeverity.Info }
    : { message: warning, severity: InputBoxValidationSeverity.Warning };
}
