import type { Analysis } from './analyse.ts';
import { html, type Markup } from './markup.ts';
import type { Subsets } from './subsets.ts';

/** What a section is made of. */
export interface Page {
  analysis: Analysis;
  subsets: Subsets;
}

/** A part of the report with its heading; `id` is what the contents line links to. */
export function section(id: string, heading: string, lead: Markup | string, body: Markup | Markup[]): Markup {
  return html`<section class="part" id="${id}" aria-labelledby="${id}-h">
    <h2 id="${id}-h">${heading}</h2>
    ${lead !== '' && html`<p class="lead">${lead}</p>`}${body}
  </section> `;
}

/** A table that scrolls by itself on narrow screens, so that the page does not. */
export function scrolling(label: string, table: Markup): Markup {
  return html`<div class="scroll" role="region" aria-label="${label}" tabindex="0">${table}</div>`;
}

/** A bar beside a number; `fraction` is from 0 to 1. An SVG, because the page's policy forbids style attributes. */
export function bar(fraction: number, tone: 'own' | 'rival' | 'plain' = 'plain'): Markup {
  const width = (100 * Math.min(1, Math.max(0, fraction))).toFixed(1);
  return html`<svg class="bar ${tone}" viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true">
    <rect class="track" width="100" height="4" />
    <rect class="fill" width="${width}" height="4" />
  </svg>`;
}

/** Class of a heat cell, `h0` to `h10`. */
export function heat(part: number, whole: number): string {
  return `h${whole === 0 ? 0 : Math.ceil((10 * part) / whole)}`;
}

/** Our commands as the reader can paste them. */
export function command(text: string): Markup {
  return html`<code class="command">${text}</code>`;
}

/** Names with commas between; the reader's own brand stands out by weight, too. */
export function brandNames(names: readonly string[], own: string | undefined): Markup[] {
  return names.map((name, i) => {
    const tone = name === own ? 'own' : 'rival';
    return html`${i > 0 && ', '}<bdi class="${tone}">${name}</bdi>`;
  });
}
