import { FakeWatcher } from './fakeWatcher.ts';

/** A watcher that watches only when a test lets it, and then hints at everything. */
export class SlowWatcher extends FakeWatcher {
  /** Ends the start that is under way. */
  letStart: () => void = () => undefined;

  override async start(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.letStart = resolve;
    });
    await super.start();
    this.hint('everything');
  }
}
