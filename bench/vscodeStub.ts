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

/** Makes `require('vscode')` give a window with one workspace folder. Its members are of this process: call it once. */
export function stubVscode(root: string): VscodeStub {
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
  registerHooks({
    resolve: (specifier, context, next) =>
      specifier === 'vscode' ? { url: 'stub:vscode', format: 'commonjs', shortCircuit: true } : next(specifier, context),
    load: (url, context, next) =>
      url === 'stub:vscode'
        ? { format: 'commonjs', source: `module.exports = globalThis[${JSON.stringify(STUB)}];`, shortCircuit: true }
        : next(url, context),
  });
  return { registrations };
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
