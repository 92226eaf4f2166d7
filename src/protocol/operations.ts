import type { Operation as CoreOperation } from '../core/metrics/metricsSnapshot.ts';

/** The kinds of operation in the order in which they are shown. Repeated from core, so that the webview's bundle holds nothing of core. */
export const OPERATIONS = ['create', 'read', 'update', 'delete', 'list'] as const satisfies readonly CoreOperation[];
export type Operation = (typeof OPERATIONS)[number];
