import type { Disposable } from '../../core/events.ts';
import type { Logger } from '../../core/logger.ts';
import { DisposableList } from '../disposableList.ts';
import type { WorkspaceStores } from '../stores/workspaceStores.ts';
import { registerProblemActions } from './problemActions.ts';
import { registerProblems } from './problems.ts';

/** What is wrong with the issues on the disk, shown in the Problems view, and the ways out of it. */
export function registerDoctor({ stores, logger }: { readonly stores: WorkspaceStores; readonly logger: Logger }): Disposable {
  const lifetime = new DisposableList((error) => logger.error(String(error)));
  lifetime.add(registerProblems({ stores, logger }));
  lifetime.add(registerProblemActions(stores));
  return lifetime;
}
