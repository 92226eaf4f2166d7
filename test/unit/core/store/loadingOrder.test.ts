import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { OpeningStep } from '../../../processes/secondOpen.ts';
import { useStores } from '../../support/openStore.ts';
import { inTime } from '../../support/recording.ts';

const OPENING = fileURLToPath(new URL('../../../processes/secondOpen.mjs', import.meta.url));

describe('IssueStore, opened with an index of an earlier session', () => {
  const { folder, open } = useStores();

  for (const [asked, expected] of [
    [[], ['read 000002_b.md']],
    [['000001_a'], ['labels of 000001_a: one,two', 'read 000001_a.md', 'read 000002_b.md']],
  ] as const) {
    it(`shows the rows before the YAML parser is loaded, and reads no issue before it (${asked.length} asked for at once)`, async () => {
      // Only the parser understands these labels.
      const labelled = '---\nlabels: [one,\n  two]\n---\n# A\n';
      folder().writeAll({ 'issues/000001_a.md': labelled, 'issues/000002_b.md': '# B\n' });
      const indexFolder = folder().join('index');
      const { store } = await open({ indexFolder });
      await store.saveIndex();
      store.dispose();
      folder().write('issues/000002_b.md', '# Changed\n');

      const opening = fork(OPENING, [folder().path, indexFolder, ...asked]);
      const [steps] = (await inTime(once(opening, 'message'), 'the second opening')) as [OpeningStep[]];
      const withoutYaml = steps.filter(({ withYaml }) => !withYaml);
      assert.deepEqual(withoutYaml, [{ what: '2 rows', withYaml: false }]);
      assert.equal(steps[0], withoutYaml[0]);
      const named = new Set(steps.map(({ what }) => what));
      named.delete('2 rows');
      assert.deepEqual([...named].sort(), expected);
    });
  }
});
