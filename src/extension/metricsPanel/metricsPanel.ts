import { env, l10n, Uri, ViewColumn, type WebviewOptions, type WebviewPanel, window } from 'vscode';
import type { Disposable } from '../../core/events.ts';
import type { Logger } from '../../core/logger.ts';
import { type HostMessage, parseWebviewMessage } from '../../protocol/metricsProtocol.ts';
import { MetricsFeed, type MetricsSources } from './metricsFeed.ts';
import { metricsPage } from './metricsPage.ts';
import { metricsTexts } from './metricsTexts.ts';

/** The panel's type. `package.json` must name `onWebviewPanel:markdownIssues.metrics`, or it is not restored after a reload. */
export const METRICS_PANEL_TYPE = 'markdownIssues.metrics';

export interface MetricsPanelDeps {
  /** Root of the installed extension. */
  readonly extensionUri: Uri;
  readonly sources: MetricsSources;
  readonly logger: Logger;
}

/** The one metrics panel. Disposing it closes the panel and forgets how to restore it. */
export interface MetricsPanel extends Disposable {
  /**
   * Opens the panel, or brings it to the front where it is.
   * @param storeId the store to show; otherwise the one shown last, or the first.
   */
  show(storeId?: string): void;
}

/** An open panel and what feeds it. */
interface OpenPanel {
  readonly panel: WebviewPanel;
  readonly feed: MetricsFeed;
}

export function registerMetricsPanel(deps: MetricsPanelDeps): MetricsPanel {
  let current: OpenPanel | undefined;
  let isDisposed = false;

  const adopt = (panel: WebviewPanel): void => {
    if (isDisposed || current) {
      panel.dispose();
      return;
    }
    const opened = openPanel(panel, deps);
    current = opened;
    panel.onDidDispose(() => {
      opened.feed.dispose();
      current = undefined;
    });
  };

  const serializer = window.registerWebviewPanelSerializer(METRICS_PANEL_TYPE, {
    // What the user chose comes back with the webview's `ready`, so the state is not needed here.
    deserializeWebviewPanel: async (panel) => adopt(panel),
  });

  return {
    show: (storeId) => {
      if (isDisposed) {
        return;
      }
      if (current) {
        current.panel.reveal();
      } else {
        adopt(window.createWebviewPanel(METRICS_PANEL_TYPE, l10n.t('Issue Store Metrics'), ViewColumn.Active, webviewOptions(deps)));
      }
      if (storeId !== undefined) {
        current?.feed.show(storeId);
      }
    },
    dispose: () => {
      isDisposed = true;
      serializer.dispose();
      current?.panel.dispose();
    },
  };
}

/** Its listeners end with the panel: the editor drops those of a disposed webview. */
function openPanel(panel: WebviewPanel, deps: MetricsPanelDeps): OpenPanel {
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

/** A message that does not arrive is no loss: the next snapshot holds it all. */
function post(panel: WebviewPanel, message: HostMessage, logger: Logger): void {
  panel.webview.postMessage(message).then(undefined, (error: unknown) => logger.warn('The metrics panel could not be updated.', error));
}

function webviewOptions(deps: MetricsPanelDeps): WebviewOptions {
  return { enableScripts: true, localResourceRoots: [webviewRoot(deps)] };
}

function webviewRoot({ extensionUri }: MetricsPanelDeps): Uri {
  return Uri.joinPath(extensionUri, 'dist', 'webview');
}
