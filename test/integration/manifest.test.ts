import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { commands } from 'vscode';
import { ALL_FORMATS } from '../../src/core/formats/allFormats.ts';
import { ONLY_TICKS } from '../../src/core/formats/storeFormat.ts';
import { commandIds, WRITING_COMMANDS } from '../../src/extension/commandIds.ts';
import { CONTEXT_VALUES } from '../../src/extension/contextKeys.ts';
import { METRICS_PANEL_TYPE } from '../../src/extension/metricsPanel/metricsPanel.ts';
import { SETTING_KEYS, showsCompleted, storeSettings } from '../../src/extension/settings.ts';
import type { IssueTreeNode } from '../../src/extension/tree/issueNodes.ts';
import type { IssueTreeProvider } from '../../src/extension/tree/issueTreeProvider.ts';
import { type WriteKind, writabilityParts } from '../../src/extension/whyNotWritable.ts';
import { activated, extension, workspaceFolder } from './support/api.ts';
import { useStore } from './support/testStore.ts';

interface MenuEntry {
  readonly command?: string;
  readonly submenu?: string;
  readonly when?: string;
}

interface Manifest {
  readonly icon: string;
  readonly main: string;
  readonly activationEvents: readonly string[];
  readonly contributes: {
    readonly commands: readonly { readonly command: string; readonly enablement?: string }[];
    readonly menus: Readonly<Record<string, readonly MenuEntry[]>>;
    readonly submenus: readonly { readonly id: string }[];
    readonly keybindings: readonly MenuEntry[];
    readonly views: Readonly<Record<string, readonly { readonly id: string; readonly icon: string }[]>>;
    readonly viewsContainers: { readonly activitybar: readonly { readonly id: string; readonly icon: string }[] };
    readonly viewsWelcome: readonly { readonly view: string; readonly when: string }[];
    readonly configuration: {
      readonly properties: Readonly<
        Record<
          string,
          {
            readonly default: unknown;
            readonly scope: string;
            readonly order: number;
            readonly minimum?: number;
            readonly maximum?: number;
            readonly items?: {
              readonly enum?: readonly string[];
              readonly anyOf?: readonly { readonly properties?: { readonly format: { readonly enum: readonly string[] } } }[];
            };
          }
        >
      >;
    };
  };
  readonly capabilities: { readonly untrustedWorkspaces: { readonly restrictedConfigurations: readonly string[] } };
}

// Of the file itself: what VS Code hands over has its texts filled in already.
const text = (name: string) => readFileSync(join(extension().extensionPath, name), 'utf8');
const manifest = (): Manifest => JSON.parse(text('package.json'));
const texts = (): Readonly<Record<string, string>> => JSON.parse(text('package.nls.json'));

const sorted = (items: Iterable<string>) => [...new Set(items)].sort();
const found = (pattern: RegExp, ...sources: readonly string[]) =>
  sorted(sources.flatMap((source) => [...source.matchAll(pattern)].map(([whole, group]) => group ?? whole)));

function whenClauses({ contributes }: Manifest): string[] {
  const { menus, keybindings, viewsWelcome } = contributes;
  return [
    ...Object.values(menus).flat(),
    ...keybindings,
    ...viewsWelcome,
    ...contributes.commands.map(({ enablement }) => ({ when: enablement })),
  ].flatMap(({ when }) => when ?? []);
}

describe('package.json and the code', () => {
  const ids = Object.values(commandIds);

  it('have the same commands', () => {
    assert.deepEqual(sorted(manifest().contributes.commands.map(({ command }) => command)), sorted(ids));
    assert.equal(manifest().contributes.commands.length, ids.length);
  });

  it('offer the commands that write in a trusted workspace only', () => {
    const { commands: contributed, menus, keybindings } = manifest().contributes;
    const entries = [...Object.values(menus).flat(), ...keybindings];
    const isTrusted = (clause = '') => clause.includes('isWorkspaceTrusted');
    // A button that is not enabled would still take the room of one, so buttons are left out instead.
    const isLeftOut = (command: string) => {
      const own = entries.filter((entry) => entry.command === command && entry.when !== 'false');
      return own.length > 0 && own.every(({ when }) => isTrusted(when));
    };
    const guarded = contributed.filter(({ command, enablement }) => isTrusted(enablement) || isLeftOut(command));
    assert.deepEqual(sorted(guarded.map(({ command }) => command)), sorted(WRITING_COMMANDS));
  });

  it('grey what cannot be written by what rows say of it', () => {
    const enablements = manifest().contributes.commands.flatMap(({ enablement }) => enablement ?? []);
    const nothing = { format: { label: 'None', writes: { ...ONLY_TICKS, tick: false } } };
    const kinds = Object.keys(ONLY_TICKS).filter((key) => key !== 'fields') as WriteKind[];
    assert.deepEqual(found(/!\(viewItem =~ \/\\\.(no-\w+)\/\)/g, ...enablements), sorted(writabilityParts(nothing, kinds)));
  });

  it('have every command registered in VS Code, and no other', async () => {
    await activated();
    const views = Object.values(manifest().contributes.views).flat();
    const isOfView = (command: string) => views.some(({ id }) => command.startsWith(`${id}.`));
    const registered = (await commands.getCommands(true)).filter((command) => command.startsWith('markdownIssues.') && !isOfView(command));
    assert.deepEqual(sorted(registered), sorted(ids));
  });

  it('name only commands that exist, in menus, keys and welcome views', async () => {
    await activated();
    const { menus, submenus, keybindings } = manifest().contributes;
    const entries = [...Object.values(menus).flat(), ...keybindings];
    const named = entries.flatMap(({ command }) => command ?? []);
    const opened = entries.flatMap(({ submenu }) => submenu ?? []);
    assert.deepEqual(sorted(opened), sorted(submenus.map(({ id }) => id)));
    assert.deepEqual(
      sorted(opened).filter((id) => menus[id] === undefined),
      [],
      'what they hold',
    );
    assert.deepEqual(
      named.filter((command) => !(ids as string[]).includes(command)),
      [],
    );
    const existing = new Set(await commands.getCommands());
    const linked = found(/\(command:([\w.]+)/g, ...Object.values(texts()));
    assert.ok(linked.includes(commandIds.createIssue), 'the welcome views offer to create an issue');
    assert.deepEqual(
      linked.filter((command) => !existing.has(command)),
      [],
    );
  });

  it('hide each command that needs a row or is there twice from the palette, and no other', () => {
    const hidden = (manifest().contributes.menus.commandPalette ?? [])
      .filter(({ when }) => when === 'false')
      .flatMap(({ command }) => command ?? []);
    assert.deepEqual(
      sorted(hidden),
      sorted([
        commandIds.completeIssueInline,
        commandIds.reopenIssueInline,
        commandIds.toggleTask,
        commandIds.openIssue,
        commandIds.openIssueToSide,
        commandIds.copyIssueId,
        commandIds.revealOtherFolder,
        commandIds.reopenWithEncoding,
        commandIds.moveIntoStore,
      ]),
    );
  });

  it('have the same settings, in the same order, for each folder', () => {
    const properties = Object.entries(manifest().contributes.configuration.properties);
    assert.deepEqual(
      properties.sort(([, a], [, b]) => a.order - b.order).map(([key]) => key),
      SETTING_KEYS.map((key) => `markdownIssues.${key}`),
    );
    assert.deepEqual(
      properties.map(([, { order, scope }]) => [order, scope]),
      SETTING_KEYS.map((_, index) => [index + 1, 'resource']),
    );
  });

  it('know the same formats, in the same order', () => {
    const { 'markdownIssues.stores': stores, 'markdownIssues.ignoredFormats': ignored } = manifest().contributes.configuration.properties;
    const ids = ALL_FORMATS.map(({ id }) => id);
    assert.deepEqual(ignored?.items?.enum, ids);
    assert.deepEqual(stores?.items?.anyOf?.at(-1)?.properties?.format.enum, ids);
  });

  it('give the settings the same defaults', () => {
    const { folder, confined, ...numbers } = storeSettings(workspaceFolder('alpha'));
    assert.deepEqual([folder, confined], [undefined, false]);
    assert.deepEqual({ ...numbers, showCompleted: showsCompleted(workspaceFolder('alpha')) }, declaredDefaults());
    assert.equal(declared('folder').default, '');
  });

  it('name only settings and context keys that exist in conditions, and use every context key', () => {
    const clauses = whenClauses(manifest());
    const settings = found(/config\.markdownIssues\.([\w.]+)/g, ...clauses);
    assert.deepEqual(
      settings.filter((key) => !(SETTING_KEYS as readonly string[]).includes(key)),
      [],
    );
    const viewIds = Object.values(manifest().contributes.views)
      .flat()
      .map(({ id }) => id);
    const keys = found(/(?<![\w.])markdownIssues\.[\w.]+/g, ...clauses).filter((key) => !viewIds.includes(key));
    assert.deepEqual(keys, sorted(Object.keys(CONTEXT_VALUES)));
    const states = found(/markdownIssues\.state == (\w+)/g, ...clauses);
    assert.deepEqual(states, ['badSetting', 'denied', 'empty', 'missing', 'notFolder', 'outside', 'unreadable']);
    assert.deepEqual(
      states.filter((state) => !(CONTEXT_VALUES['markdownIssues.state'] as readonly string[]).includes(state)),
      [],
    );
    assert.deepEqual(
      manifest().capabilities.untrustedWorkspaces.restrictedConfigurations.filter(
        (key) => !(`${key}` in manifest().contributes.configuration.properties),
      ),
      [],
    );
  });

  it('name the same views', async () => {
    await activated();
    const { views, viewsContainers, viewsWelcome } = manifest().contributes;
    const viewIds = Object.values(views)
      .flat()
      .map(({ id }) => id);
    assert.deepEqual(viewIds, ['markdownIssues.tree']);
    assert.deepEqual(
      Object.keys(views),
      viewsContainers.activitybar.map(({ id }) => id),
    );
    assert.deepEqual(sorted(viewsWelcome.map(({ view }) => view)), viewIds);
    assert.deepEqual(found(/(?:view|focusedView) == ([\w.]+)/g, ...whenClauses(manifest())), viewIds);
    assert.ok((await commands.getCommands()).includes('markdownIssues.tree.focus'));
    assert.ok(manifest().activationEvents.includes(`onWebviewPanel:${METRICS_PANEL_TYPE}`));
  });

  it('have a text for every placeholder, and no text that nothing shows', () => {
    assert.deepEqual(found(/"%([^%"]+)%"/g, text('package.json')), sorted(Object.keys(texts())));
    assert.deepEqual(
      Object.values(texts()).filter((each) => each.trim() === ''),
      [],
    );
  });

  it('have every file that they name', () => {
    const { icon, main, contributes } = manifest();
    const icons = [...Object.values(contributes.views).flat(), ...contributes.viewsContainers.activitybar].map((view) => view.icon);
    assert.deepEqual(
      [icon, main, ...icons].filter((file) => !existsSync(join(extension().extensionPath, file))),
      [],
    );
  });
});

describe('rows and the menus that are made for them', () => {
  const store = useStore({
    'issues/000001_active.md': '# Active\n',
    'issues/complete/000002_completed.md': '# Completed\n',
    'issues/000003_twin.md': '# Twin\n',
    'issues/000003_other-twin.md': '# Other twin\n',
    'issues/000004_latin.md': new Uint8Array([0xe9]),
    'issues/000005_large.md': new Uint8Array(17 * 1024 * 1024),
    'issues/unnumbered.md': '# Unnumbered\n',
    'issues/pending/': '',
  });

  it('mean the same kinds of row', async () => {
    const { provider } = store.api.tree;
    const values = sorted((await allNodes(provider)).map((node) => provider.getTreeItem(node).contextValue ?? ''));
    assert.deepEqual(values, [
      'folder',
      'group.active',
      'group.completed',
      'group.otherFolders',
      'issue.active',
      'issue.active.duplicate',
      'issue.active.problem.notText',
      'issue.active.problem.tooLarge',
      'issue.active.unnumbered',
      'issue.completed',
      'otherFolder',
      'task.done',
      'task.open',
    ]);
    const conditions = (manifest().contributes.menus['view/item/context'] ?? []).map(({ when = '' }) =>
      /viewItem (==|=~) (\S+)/.exec(when),
    );
    for (const condition of conditions) {
      const [whole, operator, operand = ''] = condition ?? ['no condition'];
      const pattern = operator === '=~' ? new RegExp(operand.slice(1, -1)) : new RegExp(`^${operand}$`);
      assert.ok(
        values.some((value) => pattern.test(value)),
        `${whole} is true of some row`,
      );
    }
  });
});

describe('settings with impossible values', () => {
  const store = useStore({ 'issues/000001_one.md': '# One\n' });

  it('count as their defaults when they are of the wrong type', async () => {
    for (const key of ['cache.timeToLive', 'cache.size', 'watcher.coalescingWindow', 'tree.showCompleted']) {
      await store.set(key, 'many');
    }
    await store.set('folder', 7);
    const { folder, confined, ...numbers } = storeSettings(store.folder);
    assert.deepEqual([folder, confined], [undefined, false]);
    assert.deepEqual({ ...numbers, showCompleted: showsCompleted(store.folder) }, declaredDefaults());
  });

  for (const [bound, value] of [
    ['minimum', -1e9],
    ['maximum', 1e9],
  ] as const) {
    it(`count as the ${bound} when they are beyond it`, async () => {
      for (const key of ['cache.timeToLive', 'cache.size', 'watcher.coalescingWindow']) {
        await store.set(key, value);
      }
      const { ttl, maxSize, coalescingWindow } = storeSettings(store.folder);
      assert.deepEqual(
        [ttl / 1000, maxSize, coalescingWindow],
        ['cache.timeToLive', 'cache.size', 'watcher.coalescingWindow'].map((key) => declared(key)[bound]),
      );
    });
  }
});

function declared(key: string) {
  const property = manifest().contributes.configuration.properties[`markdownIssues.${key}`];
  assert.ok(property, key);
  return property;
}

function declaredDefaults() {
  return {
    ttl: 1000 * Number(declared('cache.timeToLive').default),
    maxSize: declared('cache.size').default,
    coalescingWindow: declared('watcher.coalescingWindow').default,
    showCompleted: declared('tree.showCompleted').default,
  };
}

async function allNodes(provider: IssueTreeProvider, parent?: IssueTreeNode): Promise<IssueTreeNode[]> {
  const children = await provider.getChildren(parent);
  return [...children, ...(await Promise.all(children.map((child) => allNodes(provider, child)))).flat()];
}
