import assert from 'node:assert/strict';
import { MarkdownString, type StatusBarItem, window } from 'vscode';
import { silentLogger } from '../../src/core/logger.ts';
import { commandIds } from '../../src/extension/commandIds.ts';
import { registerIssueStatusBar, type ShownStores } from '../../src/extension/statusBar/issueStatusBar.ts';
import { replaced } from './support/answers.ts';
import { recordedIntervals } from './support/intervals.ts';
import { useStore } from './support/testStore.ts';

/** The text of an item's tooltip; spaces are escaped in it. */
function shownText({ tooltip }: StatusBarItem): string {
  assert.ok(tooltip instanceof MarkdownString);
  return tooltip.value.replaceAll('&nbsp;', ' ');
}

describe('the status bar', () => {
  const store = useStore({ 'issues/000001_one.md': '# One\n', 'issues/complete/000002_two.md': '# Two\n' });

  /** A second item over the same stores: what the extension's own says cannot be asked. */
  async function withItem(look: (item: StatusBarItem) => Promise<void>, stores: ShownStores = store.api.stores): Promise<void> {
    const items: StatusBarItem[] = [];
    const create = window.createStatusBarItem;
    const restore = replaced(window, {
      createStatusBarItem: (_id: string, alignment: number, priority: number) => {
        const item = create('markdownIssues.test', alignment, priority);
        items.push(item);
        return item;
      },
    });
    const registration = registerIssueStatusBar({ stores, logger: silentLogger });
    restore();
    try {
      const [item] = items;
      assert.ok(item);
      await look(item);
    } finally {
      registration.dispose();
    }
  }

  it('counts the open issues of all folders and follows', async () => {
    await withItem(async (item) => {
      assert.match(item.text, /^\$\(issues\) 3 \$\(database\) /);
      assert.match(item.accessibilityInformation?.label ?? '', /^3 open issues, /);
      await store.changeOf(() => store.write({ 'issues/000003_three.md': '# Three\n' }));
      assert.match(item.text, /^\$\(issues\) 4 /);
      assert.equal(item.command, commandIds.showMetrics);
    });
  });

  it('shows the hit rate of the caches, and none before anything was read', async () => {
    for (const source of store.api.stores.all) {
      source.store.resetMetrics();
      source.store.clearCache();
    }
    await withItem(async (item) => {
      assert.equal(item.text, '$(issues) 3 $(database) –');
      assert.equal(item.accessibilityInformation?.label, '3 open issues, nothing read yet');
      assert.match(shownText(item), /No reads yet. An issue is read through the cache when you first hover over its row/);
    });
    for (const _ of [1, 2, 3, 4]) {
      await store.store.getIssue('000001_one');
    }
    await withItem(async (item) => {
      assert.equal(item.text, '$(issues) 3 $(database) 75%');
      assert.equal(item.accessibilityInformation?.label, '3 open issues, cache hit rate 75%');
      assert.doesNotMatch(shownText(item), /No reads yet/);
    });
  });

  it('has the figures of each folder in its tooltip, with links to four commands and no others', async () => {
    await withItem(async (item) => {
      const { tooltip } = item;
      assert.ok(tooltip instanceof MarkdownString);
      const commands = [commandIds.showMetrics, commandIds.goToIssue, commandIds.clearCache, commandIds.resetMetrics].sort();
      assert.ok(typeof tooltip.isTrusted === 'object');
      assert.deepEqual([...tooltip.isTrusted.enabledCommands].sort(), commands);
      assert.deepEqual([...tooltip.value.matchAll(/\(command:([\w.]+)\)/g)].map(([, command]) => command).sort(), commands);
      const text = shownText(item);
      assert.match(text, /^\| *\| Open issues *\| Cache hit rate \|\n\|:--\|--:\|--:\|\n\| alpha *\| 2 of 3 *\| –/);
      assert.doesNotMatch(text, /beta/);
    });
  });

  it('says “1 open issue” of a single one, and has all figures where there is one store', async () => {
    const { all, onDidChange, onDidChangeState, onDidChangeStores } = store.api.stores;
    const alone = all.filter((source) => source.store === store.store);
    await withItem(
      async (item) => {
        assert.match(item.accessibilityInformation?.label ?? '', /^1 open issue, /);
        assert.match(shownText(item), /^\| \| \|\n\|:--\|--:\|\n\| Open issues +\| 1 of 2 \|/);
      },
      { all: alone, onDidChange, onDidChangeState, onDidChangeStores },
    );
  });

  it('leaves no timer behind', async () => {
    const intervals = recordedIntervals();
    try {
      await withItem(async () => assert.equal(intervals.running, 1));
      assert.equal(intervals.running, 0);
    } finally {
      intervals.stop();
    }
  });
});
