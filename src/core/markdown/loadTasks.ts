export type TaskReading = Pick<typeof import('./taskBoxes.ts'), 'allTasks' | 'tasksOf' | 'withTick'>;

/** The reading of tasks. It is a file of its own in a bundle, because nobody needs it before an issue is unfolded. */
export function loadTaskReading(): Promise<TaskReading> {
  return import('./taskBoxes.ts');
}
