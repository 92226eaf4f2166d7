import { type WebviewPanel, window } from 'vscode';
import type { Disposable } from '../../core/events.ts';
import type { MetricsPanelDeps, OpenPanel, openPanel } from './openPanel.ts';

/** The panel's type. `package.json` must name `onWebviewPanel:markdownIssues.metrics`, or it is not restored after a reload. */
export const METRICS_PANEL_TYPE = 'markdownIssues.metrics';

/** The one metrics panel, whose code is loaded with it. Disposing it closes the panel and forgets how to restore it. */
export interface MetricsPanel extends Disposable {
  /**
   * Opens the panel, or brings it to the front where it is.
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
    // What the user chose comes back with the webview's `ready`, so the state is not needed here.
    deserializeWebviewPanel: async (panel) => adopt(panel, (await import('./openPanel.ts')).openPanel),
  });

  return {
    show: async (storeId) => {
      const { createPanel, openPanel } = await import('./openPanel.ts');
      // Without a pause from here on: who shows it twice at once gets one panel.
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
