import { html, type Markup } from './markup.ts';
import type { Mention } from './mentions.ts';

/** A text with every counted name marked, so that the count can be checked by eye. */
export function highlighted(text: string, mentions: readonly Mention[], own: string | undefined): Markup[] {
  const pieces: Markup[] = [];
  let at = 0;
  for (const { name, start, end } of mentions) {
    const tone = name === own ? 'own' : 'rival';
    pieces.push(html`${text.slice(at, start)}<mark class="${tone}">${text.slice(start, end)}</mark>`);
    at = end;
  }
  return [...pieces, html`${text.slice(at)}`];
}
