import { env, Uri, ViewColumn, type WebviewOptions, type WebviewPanel, window } from 'vscode';
import type { Logger } from '../../core/index.ts';
import { type HostMessage, parseWebviewMessage } from '../../protocol/metricsProtocol.ts';
import { MetricsFeed, type MetricsSources } from './metricsFeed.ts';
import { metricsPage } from './metricsPage.ts';
import { metricsTexts } from './metricsTexts.ts';

export interface MetricsPanelDeps {
  /** Root of the installed extension. */
  readonly extensionUri: Uri;
  readonly sources: MetricsSources;
  readonly logger: Logger;
}

/** An open panel and what feeds it. */
export interface OpenPanel {
  readonly panel: WebviewPanel;
  readonly feed: MetricsFeed;
}

export function createPanel(type: string, deps: MetricsPanelDeps): WebviewPanel {
  return window.createWebviewPanel(type, metricsTexts().title, ViewColumn.Active, webviewOptions(deps));
}

/** Fills a panel. VS Code removes the listeners when the panel is disposed. */
export function openPanel(panel: WebviewPanel, deps: MetricsPanelDeps): OpenPanel {
  const { webview } = panel;
  const feed = new MetricsFeed(deps.sources, panel.visible, (message) => post(panel, message, deps.logger));
  webview.onDidReceiveMessage((data: unknown) => {
    const message = parseWebviewMessage(data);
    if (message) {
      feed.receive(message);
    } else {
      deps.logger.warn('The metrics panel sent a message that is not understood.', data);
    }
  });
  panel.onDidChangeViewState(() => feed.setVisible(panel.visible));
  panel.iconPath = {
    light: Uri.joinPath(deps.extensionUri, 'media', 'metrics-light.svg'),
    dark: Uri.joinPath(deps.extensionUri, 'media', 'metrics-dark.svg'),
  };
  webview.options = webviewOptions(deps);
  const built = webviewRoot(deps);
  webview.html = metricsPage({
    scriptUri: webview.asWebviewUri(Uri.joinPath(built, 'main.js')).toString(),
    styleUri: webview.asWebviewUri(Uri.joinPath(built, 'main.css')).toString(),
    cspSource: webview.cspSource,
    language: env.language,
    texts: metricsTexts(),
  });
  return { panel, feed };
}

/** A lost message does no harm, because the next snapshot contains everything. */
function post(panel: WebviewPanel, message: HostMessage, logger: Logger): void {
  panel.webview.postMessage(message).then(undefined, (error: unknown) => logger.warn('The metrics panel could not be updated.', error));
}

function webviewOptions(deps: MetricsPanelDeps): WebviewOptions {
  return { enableScripts: true, localResourceRoots: [webviewRoot(deps)] };
}

function webviewRoot({ extensionUri }: MetricsPanelDeps): Uri {
  return Uri.joinPath(extensionUri, 'dist', 'webview');
}
