import type { Citation } from '../../contracts/answer.ts';
import { domainOf } from '../domain-of.ts';
import { objectsOf, textOf } from './wire.ts';

type Item = Record<string, unknown>;

/**
 * What an answer cites, each address once in the order of its first mention: `sources` of an assistant, `references` of
 * an overview, those of its parts after its own. What an assistant only looked at (`search_results`) is not cited.
 */
export function toCitations(answer: Item): Citation[] {
  const byUrl = new Map<string, Citation>();
  for (const reference of referencesOf(answer)) {
    const citation = toCitation(reference);
    if (citation && !byUrl.has(citation.url)) byUrl.set(citation.url, citation);
  }
  return [...byUrl.values()];
}

function referencesOf(item: Item): Item[] {
  const { sources, references, items, components } = item;
  return [
    ...objectsOf(sources),
    ...objectsOf(references),
    ...[...objectsOf(items), ...objectsOf(components)].flatMap(referencesOf),
  ];
}

function toCitation(reference: Item): Citation | undefined {
  const url = textOf(reference['url']);
  if (url === undefined) return undefined;
  const title = textOf(reference['title']);
  const snippet = textOf(reference['snippet']) ?? textOf(reference['text']);
  const siteName = textOf(reference['source_name']) ?? textOf(reference['source']);
  return {
    url,
    domain: domainOf(url),
    ...(title !== undefined && { title }),
    ...(snippet !== undefined && { snippet }),
    ...(siteName !== undefined && { siteName }),
  };
}
