import { type WebviewPanel, window } from 'vscode';
import type { Disposable } from '../../core/index.ts';
import type { MetricsPanelDeps, OpenPanel, openPanel } from './openPanel.ts';

/** VS Code restores the panel after a reload only if `package.json` names `onWebviewPanel:markdownIssues.metrics`. */
export const METRICS_PANEL_TYPE = 'markdownIssues.metrics';

/** The only metrics panel. Its code is loaded when it opens. Disposing closes the panel and removes its serializer. */
export interface MetricsPanel extends Disposable {
  /**
   * Opens the panel, or reveals it if it is open.
   * @param storeId the store to show; otherwise the one shown last, or the first.
   */
  show(storeId?: string): Promise<void>;
}

export function registerMetricsPanel(deps: MetricsPanelDeps): MetricsPanel {
  let current: OpenPanel | undefined;
  let isDisposed = false;

  const adopt = (panel: WebviewPanel, open: typeof openPanel): void => {
    if (isDisposed || current) {
      panel.dispose();
      return;
    }
    const opened = open(panel, deps);
    current = opened;
    panel.onDidDispose(() => {
      opened.feed.dispose();
      current = undefined;
    });
  };

  const serializer = window.registerWebviewPanelSerializer(METRICS_PANEL_TYPE, {
    // The webview keeps the state and sends the chosen store with `ready`, so the host does not need it.
    deserializeWebviewPanel: async (panel) => adopt(panel, (await import('./openPanel.ts')).openPanel),
  });

  return {
    show: async (storeId) => {
      const { createPanel, openPanel } = await import('./openPanel.ts');
      // No await from here on, so that two concurrent calls open only one panel.
      if (isDisposed) {
        return;
      }
      if (current) {
        current.panel.reveal();
      } else {
        adopt(createPanel(METRICS_PANEL_TYPE, deps), openPanel);
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
