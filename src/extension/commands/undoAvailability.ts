import type { Disposable, Logger } from '../../core/index.ts';
import { setContextKey } from '../contextKeys.ts';
import type { UndoHistory } from './undoHistory.ts';

/** Keeps the context key that says whether there is anything to undo. */
export function registerUndoAvailability({
  undoHistory,
  logger,
}: {
  readonly undoHistory: UndoHistory;
  readonly logger: Logger;
}): Disposable {
  const show = () => {
    setContextKey('markdownIssues.canUndo', undoHistory.entries.length > 0).then(undefined, (error: unknown) =>
      logger.error(String(error)),
    );
  };
  show();
  return undoHistory.onDidChange(show);
}
