import { parseHostMessage, type WebviewMessage } from '../protocol/metricsProtocol.ts';
import { parseMetricsTexts } from '../protocol/metricsTexts.ts';
import { Dashboard } from './dashboard.ts';
import { createFormats } from './format.ts';
import { onThemeChange, readChartTheme } from './theme.ts';
import { parseViewState, type ViewState } from './viewState.ts';

interface EditorApi {
  postMessage(message: WebviewMessage): void;
  getState(): unknown;
  setState(state: ViewState): void;
}

declare function acquireVsCodeApi(): EditorApi;

const editor = acquireVsCodeApi();
const state = parseViewState(editor.getState());
const dashboard = new Dashboard(
  {
    texts: parseMetricsTexts(JSON.parse(document.body.dataset.texts ?? 'null')),
    formats: createFormats(document.documentElement.lang),
    post: (message) => editor.postMessage(message),
    saveState: (changed) => editor.setState(changed),
  },
  state,
);
document.body.append(dashboard.element);
onThemeChange(() => dashboard.setTheme(readChartTheme()));
window.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
  const message = parseHostMessage(data);
  if (message) {
    dashboard.receive(message);
  }
});
editor.postMessage({ type: 'ready', storeId: state.storeId });
