import type { Disposable, Logger } from '../../core/index.ts';
import { DisposableList } from '../disposableList.ts';
import type { WorkspaceStores } from '../stores/workspaceStores.ts';

/** Shows what is wrong with issues in the Problems view, with quick fixes. Loads both on demand, so that they do not delay the tree's first rows. */
export function registerDiagnostics({ stores, logger }: { readonly stores: WorkspaceStores; readonly logger: Logger }): Disposable {
  const onError = (error: unknown) => logger.error(error instanceof Error ? error : String(error));
  const lifetime = new DisposableList(onError);
  const register = async () => {
    const [{ registerProblems }, { registerProblemActions }] = await Promise.all([import('./problems.ts'), import('./problemActions.ts')]);
    lifetime.add(registerProblems({ stores, logger }));
    lifetime.add(registerProblemActions(stores));
  };
  register().catch(onError);
  return lifetime;
}
