import { l10n } from 'vscode';
import { METRICS_TEXTS, type MetricsTexts } from '../../protocol/metricsTexts.ts';

/** The texts of the panel in the display language of VS Code. */
export function metricsTexts(): MetricsTexts {
  const translated = Object.entries(METRICS_TEXTS).map(([key, text]) => [key, l10n.t(text)]);
  return Object.fromEntries(translated);
}
