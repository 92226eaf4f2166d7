import { type InputBox, InputBoxValidationSeverity, l10n, window } from 'vscode';
import { IssueError, sanitizeIssueName } from '../../core/index.ts';

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

/** A name that was typed, and the box that it was typed into. It still has the focus; the caller disposes it. */
export interface TypedName {
  readonly name: string;
  readonly box: InputBox;
}

/** Asks for an issue's name and checks it while it is typed. @returns undefined if it was dismissed. */
export function askForIssueName({ title, prompt, value = '', preview }: NameInputOptions): Promise<TypedName | undefined> {
  const box = window.createInputBox();
  box.title = title;
  box.prompt = prompt;
  box.value = value;
  box.valueSelection = [0, value.length];
  box.placeholder = l10n.t('For example: fix the login');
  box.ignoreFocusOut = true;
  const check = () => {
    box.validationMessage = judgement(box.value, preview);
  };
  return new Promise((resolve, reject) => {
    let isAccepted = false;
    box.onDidChangeValue(() => {
      try {
        if (!isAccepted) {
          check();
        }
      } catch (error) {
        box.hide();
        reject(error);
      }
    });
    box.onDidAccept(() => {
      const isRefused = typeof box.validationMessage === 'object' && box.validationMessage.severity === InputBoxValidationSeverity.Error;
      if (!isAccepted && !isRefused && box.value.trim() !== '') {
        isAccepted = true;
        box.validationMessage = undefined;
        resolve({ name: box.value, box });
      }
    });
    box.onDidHide(() => {
      if (!isAccepted) {
        resolve(undefined);
        box.dispose();
      }
    });
    box.show();
  });
}

function judgement(typed: string, preview: NameInputOptions['preview']): InputBox['validationMessage'] {
  if (typed.trim() === '') {
    return typed === '' ? undefined : { message: l10n.t('Type a name.'), severity: InputBoxValidationSeverity.Error };
  }
  try {
    const { fileName, taken, warning } = preview(sanitizeIssueName(typed));
    if (taken) {
      return { message: l10n.t('{0} exists already.', fileName), severity: InputBoxValidationSeverity.Error };
    }
    return warning === undefined
      ? { message: l10n.t('The file will be {0}', fileName), severity: InputBoxValidationSeverity.Info }
      : { message: warning, severity: InputBoxValidationSeverity.Warning };
  } catch (error) {
    if (error instanceof IssueError) {
      return { message: error.message, severity: InputBoxValidationSeverity.Error };
    }
    throw error;
  }
}
