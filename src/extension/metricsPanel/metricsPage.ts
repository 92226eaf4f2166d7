import { randomBytes } from 'node:crypto';
import type { MetricsTexts } from '../../protocol/metricsTexts.ts';

/** The parts of the page. Both URIs come from `asWebviewUri`. */
export interface MetricsPageParts {
  readonly scriptUri: string;
  readonly styleUri: string;
  /** `Webview.cspSource`, for the content security policy. */
  readonly cspSource: string;
  /** BCP 47 tag of the editor's language. */
  readonly language: string;
  readonly texts: MetricsTexts;
}

/** The HTML of the panel. Each call makes a new nonce. */
export function metricsPage({ scriptUri, styleUri, cspSource, language, texts }: MetricsPageParts): string {
  const nonce = randomBytes(16).toString('base64');
  const policy = `default-src 'none'; style-src ${cspSource}; font-src ${cspSource}; script-src 'nonce-${nonce}'`;
  return `<!DOCTYPE html>
<html lang="${escapeAttribute(language)}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${escapeAttribute(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeAttribute(texts.title)}</title>
<link rel="stylesheet" href="${escapeAttribute(styleUri)}">
</head>
<body data-texts="${escapeAttribute(JSON.stringify(texts))}">
<script nonce="${nonce}" src="${escapeAttribute(scriptUri)}"></script>
</body>
</html>`;
}

function escapeAttribute(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;');
}
