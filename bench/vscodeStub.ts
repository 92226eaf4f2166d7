import { readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';

/** What stands in for VS Code while the extension activates. Whatever is not here is a thing that can be called and asked for anything. */
export interface VscodeStub {
  /** What the extension has registered so far, such as commands and views. */
  readonly registrations: readonly string[];
}

class EventEmitter {
  readonly event = () => ({ dispose: () => undefined });
  fire(): void {}
  dispose(): void {}
}

/**
 * Makes `vscode` a module with a window with one workspace folder. Its members are of this process: call it once.
 *
 * @param importers absolute paths of the files that import it. A module has to say which names it has: it has those that they take.
 */
export function stubVscode(root: string, importers: readonly string[]): VscodeStub {
  const registrations: string[] = [];
  const uri = { fsPath: root, scheme: 'file', toString: () => `file://${root}` };
  const vscode = standIn('vscode', registrations, {
    EventEmitter,
    commands: standIn('commands', registrations, { executeCommand: async () => undefined }),
    workspace: standIn('workspace', registrations, {
      workspaceFolders: [{ uri, name: 'bench', index: 0 }],
      isTrusted: true,
      textDocuments: [],
      getConfiguration: () => ({ get: () => undefined, inspect: () => undefined }),
    }),
    l10n: { t: String },
  });
  Object.assign(globalThis, { [STUB]: vscode });
  const source = [...namesTakenIn(importers)]
    .map((name) => `export const ${name} = globalThis[${JSON.stringify(STUB)}].${name};`)
    .join('\n');
  registerHooks({
    resolve: (specifier, context, next) =>
      specifier === 'vscode' ? { url: 'stub:vscode', format: 'module', shortCircuit: true } : next(specifier, context),
    load: (url, context, next) => (url === 'stub:vscode' ? { format: 'module', source, shortCircuit: true } : next(url, context)),
  });
  return { registrations };
}

/** What files that esbuild has made import from `vscode`. */
function namesTakenIn(importers: readonly string[]): ReadonlySet<string> {
  const texts = importers.map((path) => readFileSync(path, 'utf8'));
  const imports = texts.flatMap((text) => [...text.matchAll(/import\s*\{([^}]*)\}\s*from\s*["']vscode["']/g)]);
  const names = imports.flatMap(([, list = '']) => list.split(',').map((name) => name.trim().split(/\s+as\s+/)[0] ?? ''));
  return new Set(names.filter((name) => name !== ''));
}

const STUB = 'markdownIssuesBenchVscode';

/** Something that can be called, constructed and asked for members, which are made when they are first asked for. */
function standIn(name: string, registrations: string[], members: Record<string, unknown> = {}): unknown {
  // A function with a prototype, so that a class can extend it.
  const target = function answer() {};
  return new Proxy(target, {
    get: (_, key) => {
      if (typeof key === 'symbol' || key === 'then') {
        return undefined;
      }
      if (key === 'prototype') {
        return target.prototype;
      }
      members[key] ??= standIn(key, registrations);
      return members[key];
    },
    set: () => true,
    apply: () => {
      if (/^(register|create)/.test(name)) {
        registrations.push(name);
      }
      return standIn(`${name}()`, registrations);
    },
    construct: () => standIn(`new ${name}`, registrations) as object,
  });
}
