import type { Document, LineCounter, ParsedNode, YAMLError } from 'yaml';
import { assertDefined } from '../assertDefined.ts';
import type { TextProblem } from '../textProblem.ts';
import { yamlMessage } from './yamlMessage.ts';

/** A scalar is the text of its value, whatever type YAML gives it: `3`, `true` and `2026-01-31` stay what people wrote. */
export type YamlValue = string | null | readonly YamlValue[] | ReadonlyMap<string, YamlValue>;

export interface YamlReading {
  /** The top-level keys, as far as the text can be read. Of a key that is there twice, the last value. */
  readonly values: ReadonlyMap<string, YamlValue>;
  /** The top-level keys whose value is a boolean or a number for YAML: `404`, but not `"404"`. */
  readonly typedKeys: ReadonlySet<string>;
  /** The first mistake. */
  readonly problem?: TextProblem;
}

let library: typeof import('yaml') | undefined;

/** Loads the parser, which is a bundle of its own. To be awaited before {@link readYaml} is called. */
export async function loadYaml(): Promise<void> {
  library ??= await import('yaml');
}

export function isYamlLoaded(): boolean {
  return library !== undefined;
}

/** Reads a mapping. Never throws because of the text; an empty one needs no parser. @param source its lines end with line feeds only */
export function readYaml(source: string): YamlReading {
  if (source === '') {
    return { values: new Map(), typedKeys: new Set() };
  }
  const { LineCounter, isMap, parseDocument } = assertDefined(library);
  const lineCounter = new LineCounter();
  const document = parseDocument(source, { lineCounter, prettyErrors: false, schema: 'core', uniqueKeys: true });
  const problem = problemOf(document.errors, source, lineCounter);
  const values = new Map<string, YamlValue>();
  const typedKeys = new Set<string>();
  for (const { key, value } of isMap(document.contents) ? document.contents.items : []) {
    const name = String(readNode(key, document));
    values.set(name, readNode(value, document));
    if (isTyped(value)) {
      typedKeys.add(name);
    } else {
      typedKeys.delete(name);
    }
  }
  return problem === undefined ? { values, typedKeys } : { values, typedKeys, problem };
}

function problemOf(errors: readonly YAMLError[], source: string, lineCounter: LineCounter): TextProblem | undefined {
  const first = errors[0];
  return first && { line: lineCounter.linePos(first.pos[0]).line - 1, message: yamlMessage(first, errors, source) };
}

function isTyped(node: ParsedNode | null): boolean {
  const { isScalar } = assertDefined(library);
  return isScalar(node) && node.value !== null && typeof node.value !== 'string';
}

function readNode(node: ParsedNode | null | undefined, document: Document.Parsed): YamlValue {
  const { isAlias, isMap, isScalar, isSeq } = assertDefined(library);
  if (isAlias(node)) {
    const target = node.resolve(document);
    // An alias inside its own anchor would never end. One without an anchor is most often text that should have been quoted.
    return isScalar(target) ? readNode(target as ParsedNode, document) : target === undefined ? `*${node.source}` : null;
  }
  if (isMap(node)) {
    return new Map(node.items.map(({ key, value }) => [String(readNode(key, document)), readNode(value, document)]));
  }
  if (isSeq(node)) {
    return node.items.map((item) => readNode(item, document));
  }
  if (!isScalar(node) || node.value === null) {
    return null;
  }
  return typeof node.value === 'string' ? node.value : (node.source ?? String(node.value));
}
