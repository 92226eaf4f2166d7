/**
 * Opens a store that has an index of an earlier session, as a process of its own, because a module that is loaded stays so for all tests of a
 * process. It says in which order rows were shown and issues read, and ends.
 */

import { basename } from 'node:path';
import { NodeDisk } from '../../src/core/disk/nodeDisk.ts';
import { isYamlLoaded } from '../../src/core/markdown/yamlReader.ts';
import { IssueStore } from '../../src/core/store/issueStore.ts';
import { SETTINGS } from '../unit/support/openStore.ts';

export interface OpeningStep {
  readonly what: string;
  /** Whether the YAML parser was loaded by then. */
  readonly withYaml: boolean;
}

const steps: OpeningStep[] = [];
const note = (what: string) => steps.push({ what, withYaml: isYamlLoaded() });

class NotingDisk extends NodeDisk {
  override read(...[path, ...rest]: Parameters<NodeDisk['read']>): ReturnType<NodeDisk['read']> {
    note(`read ${basename(path)}`);
    return super.read(path, ...rest);
  }

  override readSync(...[path, ...rest]: Parameters<NodeDisk['readSync']>): ReturnType<NodeDisk['readSync']> {
    note(`read ${basename(path)}`);
    return super.readSync(path, ...rest);
  }
}

const [root = '', indexFolder = '', asked] = process.argv.slice(2);
const logger = { debug: () => {}, info: () => {}, warn: () => {}, error: console.error };
const store = new IssueStore({ root, indexFolder, settings: SETTINGS, logger, disk: new NotingDisk() });
let answer: Promise<unknown> | undefined;
store.onDidChange(() => {
  note(`${store.catalogue.size} rows`);
  // Perhaps somebody opens an issue as soon as it is shown.
  if (asked !== undefined) {
    answer ??= store.getIssue(asked).then(({ fields }) => note(`labels of ${asked}: ${fields.labels?.join()}`));
  }
});
await store.open();
await answer;
store.dispose();
process.send?.(steps);
