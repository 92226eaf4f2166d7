export type ReferenceSearch = Pick<typeof import('./referenceSearch.ts'), 'rewritesOf' | 'searchReferences'>;

/** The search for references. It is a file of its own in a bundle, because nobody needs it before a number changes. */
export function loadReferenceSearch(): Promise<ReferenceSearch> {
  return import('./referenceSearch.ts');
}
