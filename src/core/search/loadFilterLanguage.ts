export type FilterLanguage = typeof import('./filterLanguage.ts').FILTER_LANGUAGE;

/** The language of filters. It is a file of its own in a bundle, because nobody needs it before they filter or search. */
export async function loadFilterLanguage(): Promise<FilterLanguage> {
  const { FILTER_LANGUAGE } = await import('./filterLanguage.ts');
  return FILTER_LANGUAGE;
}
