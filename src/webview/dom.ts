interface ElementOptions {
  readonly class?: string;
  readonly text?: string;
  readonly attributes?: Readonly<Record<string, string>>;
}

export function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  options: ElementOptions = {},
  children: readonly Node[] = [],
): HTMLElementTagNameMap[K] {
  const result = document.createElement(tag);
  if (options.class !== undefined) {
    result.className = options.class;
  }
  if (options.text !== undefined) {
    result.textContent = options.text;
  }
  for (const [name, value] of Object.entries(options.attributes ?? {})) {
    result.setAttribute(name, value);
  }
  result.append(...children);
  return result;
}

export function svgElement(tag: string, attributes: Readonly<Record<string, string>>, children: readonly Node[] = []): SVGElement {
  const result = document.createElementNS('http://www.w3.org/2000/svg', tag);
  for (const [name, value] of Object.entries(attributes)) {
    result.setAttribute(name, value);
  }
  result.append(...children);
  return result;
}

/** Changes the page only if the text differs, because most figures rarely change. */
export function setText(node: Node, text: string): void {
  if (node.textContent !== text) {
    node.textContent = text;
  }
}
