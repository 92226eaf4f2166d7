import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { startBoth } from '../../tools/launchBrowser.mjs';
import { inRoot, vsixFile } from '../../tools/paths.mjs';
import { makeSandbox, type Sandbox } from '../../tools/sandbox.mjs';
import { installVsix, type Server, windowUrl } from '../../tools/vscodeServer.mjs';
import { until } from './polling.ts';
import { Workbench } from './workbench.ts';

export interface WorkbenchOptions {
  /** Files of the workspace, by their path in it: `{ 'issues/000001_x.md': '# X\n' }`. */
  readonly files?: Readonly<Record<string, string | Uint8Array>>;
  /** A folder whose content is copied into the workspace before `files` are written, e.g. `samples`. From the project's folder. */
  readonly folder?: string;
  /** Folders of the workspace to be opened as a multi-root workspace; without it the workspace itself is the one folder. */
  readonly folders?: readonly string[];
  /** User settings, e.g. `{ 'workbench.colorTheme': 'Default Light Modern' }`. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** The packaged extension to install, if not the project's own. */
  readonly vsix?: string;
  /** Whether every workspace is trusted, as it is unless this says no. */
  readonly trusted?: boolean;
  /** Whether the workspace is a git repository with everything committed. */
  readonly git?: boolean;
  /** Whether {@link OpenWorkbench.heapUsed} can be asked. */
  readonly measuresHeap?: boolean;
  readonly viewport?: { readonly width: number; readonly height: number };
  /** Pixels of a screenshot per pixel of the page: 1, or 2 for pictures of high density. */
  readonly deviceScaleFactor?: number;
}

/** A window of real VS Code with the packaged extension installed, as a user would have it. */
export interface OpenWorkbench {
  readonly workbench: Workbench;
  readonly page: Page;
  /** The folders on disk; `box.workspace` holds the files. */
  readonly box: Sandbox;
  readonly server: Server;
  /** Writes `out/screenshots/<name>.png` and gives its path. */
  screenshot(name: string): Promise<string>;
  /** Bytes on the heap of the extension host, after garbage collection. */
  heapUsed(): Promise<number>;
  /** Another window on the same server: another browser profile, so another user. The caller closes its context. */
  openAnother(): Promise<Workbench>;
  /** Ends everything and removes the folders. */
  close(): Promise<void>;
}

/** No chat button in the title bar and none in the status bar: they are not what is tested, and pictures are better without them. */
const withoutChat = { 'chat.disableAIFeatures': true };

const installed = new Map<string, Promise<string>>();

/** The extension is installed once per process: all windows may share the folder, because none of them changes it. */
function extensionsWith(vsix: string): Promise<string> {
  let folder = installed.get(vsix);
  if (!folder) {
    const box = makeSandbox();
    folder = installVsix(box, vsix).then(() => box.extensions);
    installed.set(vsix, folder);
  }
  return folder;
}

async function newWindow(browser: Browser, options: WorkbenchOptions): Promise<Workbench> {
  const { viewport = { width: 1280, height: 800 }, deviceScaleFactor = 1 } = options;
  const context = await browser.newContext({ viewport, deviceScaleFactor });
  const page = await context.newPage();
  page.setDefaultTimeout(15_000);
  return new Workbench(page);
}

/** Where the extension host says on which port it tells of its heap. */
const heapProbeFile = (box: Sandbox) => join(box.user, 'heap-probe');

/** What makes it tell. */
function heapProbe(box: Sandbox) {
  const nodeArguments = ['--expose-gc', '--require', inRoot('tools/heapProbe.cjs')];
  return { nodeArguments, env: { HEAP_PROBE_FILE: heapProbeFile(box) } };
}

async function heapUsed(box: Sandbox): Promise<number> {
  const answer = await fetch(`http://127.0.0.1:${readFileSync(heapProbeFile(box), 'utf8')}`);
  return Number(await answer.text());
}

async function screenshot(page: Page, name: string): Promise<string> {
  const path = inRoot('out/screenshots', `${name}.png`);
  await page.screenshot({ path });
  return path;
}

/**
 * Leaves the page first, so that the extension host ends in order (`deactivate` runs): closing only the browser leaves it waiting for a
 * reconnection.
 */
async function leave(page: Page, server: Server): Promise<void> {
  const before = server.log().length;
  await page.goto('about:blank');
  const hostEnded = () => server.log().slice(before).includes('Extension Host Process exited');
  await until(hostEnded, 'the extension host to end', 8000).catch(() => undefined);
}

/** Starts VS Code and opens a window. Whoever calls it calls `close`; {@link useWorkbench} does both for a whole `describe`. */
export async function openWorkbench(options: WorkbenchOptions = {}): Promise<OpenWorkbench> {
  const { files = {}, folder, folders, settings = {}, trusted = true, git = false, measuresHeap = false, vsix = vsixFile } = options;
  const sandbox = makeSandbox({
    files,
    settings: { ...withoutChat, ...settings },
    trusted,
    git,
    ...(folders ? { folders } : {}),
    ...(folder ? { from: inRoot(folder) } : {}),
  });
  const box = { ...sandbox, extensions: await extensionsWith(vsix) };
  const [server, browser] = await startBoth(box, measuresHeap ? heapProbe(box) : {});
  const close = async () => {
    await browser.close().catch(() => undefined);
    await server.stop();
    box.remove();
  };
  try {
    const url = windowUrl(server, { open: box.open });
    const workbench = await newWindow(browser, options);
    await workbench.open(url);
    const { page } = workbench;
    return {
      workbench,
      page,
      box,
      server,
      screenshot: (name) => screenshot(page, name),
      heapUsed: () => heapUsed(box),
      openAnother: async () => {
        const another = await newWindow(browser, options);
        await another.open(url);
        return another;
      },
      close: async () => {
        await leave(page, server).catch(() => undefined);
        await close();
      },
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/**
 * Opens a window before the tests of the surrounding `describe` and closes it after them. The fields of what it returns are there while
 * the tests run. A test that fails leaves a screenshot in `out/screenshots/failed`.
 */
export function useWorkbench(options: WorkbenchOptions = {}): OpenWorkbench {
  let opened: OpenWorkbench | undefined;
  before(async function () {
    this.timeout(90_000);
    opened = await openWorkbench(options);
  });
  afterEach(async function () {
    const test = this.currentTest;
    if (test?.err !== undefined) await opened?.screenshot(`failed/${test.fullTitle().replaceAll(/[^\w-]+/g, '-')}`).catch(() => undefined);
  });
  after(async function () {
    // Removing the files of a large store takes its time.
    this.timeout(90_000);
    await opened?.close();
  });
  const get = () => {
    if (!opened) throw new Error('The window is open only while the tests run.');
    return opened;
  };
  return new Proxy({} as OpenWorkbench, { get: (_, name) => Reflect.get(get(), name) });
}
