import { CodeActionKind, type CodeActionProvider, languages } from 'vscode';
import type { Disposable } from '../../core/index.ts';
import type { WorkspaceStores } from '../stores/workspaceStores.ts';
import { DIAGNOSTIC_SOURCE } from './storeDiagnostics.ts';

/** Offers quick fixes. VS Code asks at every move of the cursor, so their code is loaded only for a problem of ours. */
export function registerProblemActions(stores: WorkspaceStores): Disposable {
  const provider: CodeActionProvider = {
    provideCodeActions: async (document, _range, { diagnostics }) => {
      const ours = diagnostics.filter(({ source }) => source === DIAGNOSTIC_SOURCE);
      if (ours.length === 0) {
        return [];
      }
      const { fixesOf } = await import('./problemFixes.ts');
      return ours.flatMap((diagnostic) => fixesOf(stores, document, diagnostic));
    },
  };
  const selector = { scheme: 'file', pattern: '**/*.md' };
  return languages.registerCodeActionsProvider(selector, provider, { providedCodeActionKinds: [CodeActionKind.QuickFix] });
}
