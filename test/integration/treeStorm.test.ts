import assert from 'node:assert/strict';
import { type TreeItem, TreeItemCollapsibleState } from 'vscode';
import { IssueCatalogue } from '../../src/core/catalogue/issueCatalogue.ts';
import { Emitter } from '../../src/core/events.ts';
import { NUMBERED_FORMAT } from '../../src/core/formats/numbered.ts';
import { issueKey } from '../../src/core/formats/numberedLayout.ts';
import type { IssueKey, IssueSummary } from '../../src/core/issue/issue.ts';
import { silentLogger } from '../../src/core/logger.ts';
import type { StoreChange, WorkspaceStore } from '../../src/extension/stores/workspaceStores.ts';
import { IssueFilter } from '../../src/extension/tree/issueFilter.ts';
import type { IssueTreeNode } from '../../src/extension/tree/issueNodes.ts';
import { IssueTreeProvider } from '../../src/extension/tree/issueTreeProvider.ts';
import { ManualTime } from '../unit/support/manualTime.ts';
import { madeVersion, numbered, summaryOf } from '../unit/support/summaries.ts';
import { workspaceFolder } from './support/api.ts';

const onError = (error: unknown) => assert.fail(String(error));
const CHANGES_PER_SECOND = 20;

/** A store in memory that is changed as an agent would. */
class ChangingStore {
  readonly catalogue = new IssueCatalogue();
  readonly #didChange = new Emitter<StoreChange>(onError);
  readonly #source: WorkspaceStore;
  #changes = 0;
  #last: number;

  constructor(active: number) {
    const store = {
      state: 'ready',
      format: NUMBERED_FORMAT,
      catalogue: this.catalogue,
      filePathOf: ({ key }: IssueSummary) => `/store/${key}.md`,
    };
    this.#source = { id: 'store', folder: workspaceFolder('alpha'), store } as unknown as WorkspaceStore;
    this.#last = active;
    this.#apply([...numbered(1, active), summaryOf('000000_done', { completed: true })]);
  }

  /** As far as the tree knows them. */
  get stores() {
    const never = new Emitter<never>(onError).event;
    return {
      all: [this.#source],
      isLooking: false,
      onDidChange: this.#didChange.event,
      onDidChangeState: never,
      onDidChangeStores: never,
      whenShown: () => Promise.resolve(),
    };
  }

  /** Creates an issue, edits one, or completes or deletes one, in turn. */
  change(): void {
    const step = this.#changes++;
    const { active } = this.catalogue;
    // Both ends of the list, of which the newer one is in sight.
    const [oldest, edited] = [active[0], active.at(-1 - ((step * 7) % 40))];
    assert.ok(oldest && edited);
    if (step % 3 === 0) {
      this.#apply([summaryOf(`${String(++this.#last).padStart(6, '0')}_new`)]);
    } else if (step % 3 === 1) {
      this.#apply([summaryOf(edited.id, { title: `Changed ${step}`, version: madeVersion(`edit ${step}`) })]);
    } else {
      this.#apply(step % 2 === 0 ? [summaryOf(oldest.id, { completed: true })] : [], [issueKey(oldest.id, false)]);
    }
  }

  #apply(current: readonly IssueSummary[], removed: readonly IssueKey[] = []): void {
    this.catalogue.apply({ current: current.map((summary) => ({ summary, stat: undefined })), removed });
    const change = this.catalogue.takeChange();
    assert.ok(change);
    this.#didChange.fire({ source: this.#source, change });
  }
}

/** What a view of VS Code makes of the rows that it is told to draw anew. */
class DrawnTree {
  rowsMade = 0;
  readonly #provider: IssueTreeProvider;
  readonly #items = new Map<string | undefined, TreeItem>();
  readonly #children = new Map<string | undefined, readonly (string | undefined)[]>();
  #drawing: Promise<void>;

  constructor(provider: IssueTreeProvider) {
    this.#provider = provider;
    this.#drawing = this.#drawBelow(undefined);
    provider.onDidChangeTreeData((changed) => {
      this.#drawing = this.#drawing.then(async () => {
        for (const node of [changed ?? []].flat()) {
          this.#itemOf(node);
          await this.#drawBelow(node);
        }
        await (changed ?? this.#drawBelow(undefined));
      });
    });
  }

  get isDrawn(): Promise<void> {
    return this.#drawing;
  }

  /** Labels of what is in sight below a row. */
  textBelow(id?: string): string[] {
    const textOf = (child: string | undefined) => `${this.#items.get(child)?.label} ${this.#items.get(child)?.description}`;
    return (this.#children.get(id) ?? []).flatMap((child) => [textOf(child), ...this.textBelow(child)]);
  }

  #itemOf(node: IssueTreeNode): TreeItem {
    const item = this.#provider.getTreeItem(node);
    this.rowsMade++;
    this.#items.set(item.id, item);
    return item;
  }

  async #drawBelow(node: IssueTreeNode | undefined): Promise<void> {
    const item = node && this.#provider.getTreeItem(node);
    if (item !== undefined && item.collapsibleState !== TreeItemCollapsibleState.Expanded) {
      return;
    }
    const nodes = await this.#provider.getChildren(node);
    this.#children.set(
      item?.id,
      nodes.map((child) => this.#itemOf(child).id),
    );
    for (const child of nodes.filter(({ kind }) => kind !== 'issue')) {
      await this.#drawBelow(child);
    }
  }
}

describe('the tree in a storm of changes', () => {
  async function shown(active: number) {
    const store = new ChangingStore(active);
    const time = new ManualTime();
    const filter = new IssueFilter(store.stores, onError);
    const provider = new IssueTreeProvider({ stores: store.stores, filter, logger: silentLogger, schedule: time.schedule, clock: time });
    const tree = new DrawnTree(provider);
    await tree.isDrawn;
    return { store, time, provider, tree };
  }

  for (const active of [50, 800, 10_000]) {
    it(`makes at most 100 rows a second, with ${active} active issues`, async () => {
      const { store, time, provider, tree } = await shown(active);
      const before = tree.rowsMade;
      const seconds = 120;
      for (let step = 0; step < seconds * CHANGES_PER_SECOND; step++) {
        store.change();
        time.advance(1000 / CHANGES_PER_SECOND);
        await tree.isDrawn;
      }
      time.advance(250);
      await tree.isDrawn;
      const rows = (tree.rowsMade - before) / seconds;
      assert.ok(rows <= 100, `${rows} rows a second`);
      const last = new DrawnTree(provider);
      await last.isDrawn;
      assert.deepEqual(tree.textBelow(), last.textBelow());
      assert.ok(tree.textBelow().length > Math.min(active, 500));
    });

    it(`and shows a single change at once, with ${active} active issues`, async () => {
      const { store, time, tree } = await shown(active);
      for (let step = 0; step < 3; step++) {
        const before = tree.textBelow();
        store.change();
        await tree.isDrawn;
        assert.notDeepEqual(tree.textBelow(), before);
        time.advance(60_000);
      }
    });
  }
});
