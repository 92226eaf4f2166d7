import type { Operation as CoreOperation } from '../core/index.ts';

/** The kinds of operation in display order. Repeated from core, because the webview's bundle must not contain core. */
export const OPERATIONS = ['create', 'read', 'update', 'delete', 'list'] as const satisfies readonly CoreOperation[];
export type Operation = (typeof OPERATIONS)[number];

/** Who reads issues, in display order. Each reads through `store.for` with this name. */
export const FEATURES = ['tooltip', 'tasks', 'search', 'commands', 'agents'] as const;
