import type { Document, LineCounter, ParsedNode } from 'yaml';
import { assertDefined } from '../assertDefined.ts';
import type { TextProblem } from '../textProblem.ts';

/** A scalar is the text of its value, whatever type YAML gives it: `3`, `true` and `2026-01-31` stay what people wrote. */
export type YamlValue = string | null | readonly YamlValue[] | ReadonlyMap<string, YamlValue>;

export interface YamlReading {
  /** The top-level keys, as far as the text can be read. Of a key that is there twice, the last value. */
  readonly values: ReadonlyMap<string, YamlValue>;
  /** The first mistake. */
  readonly problem?: TextProblem;
}

let library: typeof import('yaml') | undefined;

/** Loads the parser, which is a bundle of its own. To be awaited before {@link readYaml} is called. */
export async function loadYaml(): Promise<void> {
  library ??= await import('yaml');
}

/** Reads a mapping. Never throws because of the text. */
export function readYaml(source: string): YamlReading {
  const { LineCounter, parseDocument } = assertDefined(library);
  const lineCounter = new LineCounter();
  const document = parseDocument(source, { lineCounter, prettyErrors: false, schema: 'core', uniqueKeys: true });
  const problem = problemOf(document, lineCounter);
  const contents = readNode(document.contents, document);
  const values = contents instanceof Map ? contents : new Map<string, YamlValue>();
  return problem === undefined ? { values } : { values, problem };
}

function problemOf({ errors: [error] }: Document.Parsed, lineCounter: LineCounter): TextProblem | undefined {
  return error && { line: lineCounter.linePos(error.pos[0]).line - 1, message: error.message };
}

function readNode(node: ParsedNode | null | undefined, document: Document.Parsed): YamlValue {
  const { isAlias, isMap, isScalar, isSeq } = assertDefined(library);
  if (isAlias(node)) {
    const target = node.resolve(document);
    // An alias inside its own anchor would never end.
    return isScalar(target) ? readNode(target as ParsedNode, document) : null;
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
