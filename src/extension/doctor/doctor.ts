import type { Disposable } from '../../core/events.ts';
import { DisposableList } from '../disposableList.ts';
import { registerMendingCommands } from './mendingCommands.ts';
import { registerProblemActions } from './problemActions.ts';
import { registerProblems } from './problems.ts';
import { type RenumberCommandDeps, registerRenumberCommands } from './renumberCommands.ts';

/** What is wrong with the issues on the disk, shown in the Problems view, and the ways out of it. */
export function registerDoctor(deps: RenumberCommandDeps): Disposable {
  const { stores, logger } = deps;
  const lifetime = new DisposableList((error) => logger.error(String(error)));
  lifetime.add(registerProblems({ stores, logger }));
  lifetime.add(registerProblemActions(stores));
  lifetime.add(registerRenumberCommands(deps));
  lifetime.add(registerMendingCommands(deps));
  return lifetime;
}
