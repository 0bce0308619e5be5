import { html, type Markup } from '../markup.ts';
import type { Page } from '../page.ts';
import { moment } from '../words.ts';

/** How the numbers are made, so that they can be argued with. */
export function footer({ analysis }: Page): Markup {
  const { data } = analysis;
  return html`<footer class="part" id="method" aria-labelledby="method-h">
    <h2 id="method-h">How it is counted</h2>
    <ul>
      <li>
        <b>Names</b> are looked for as whole words in the answer’s text, upper or lower case, and marked in
        it. Web addresses are left out: being linked is not being named. If an answer lists products without
        any text, their titles count as its text. An answer that names a brand five times counts once.
      </li>
      <li><b>Shares</b> are taken of the answers that can be read; failed and open ones are in no share.</li>
      <li>
        <b>Websites</b> are counted once an answer, without “www.”; of engines that list no sources nothing is
        known.
      </li>
      ${
        analysis.pages.length > 0 &&
        html`<li>
          <b>Places</b> on result pages count all entries, also those that are no search results; an entry
          inside another one has its place. A brand is where the title or description of an entry names it.
        </li>`
      }
      <li><b>Typical time</b> is the median from order to answer, on the provider’s clock.</li>
      <li>
        <b>Samples</b>, repeats of one prompt, are counted each for itself. Answers that the provider served
        from its cache are marked “cached”: they may be one answer twice.
      </li>
      <li>
        AI answers differ from one moment to the next: with few answers, small differences mean nothing.
      </li>
    </ul>
    <p class="muted">
      Made by Gleaner from its store on ${moment(data.readAt)}. This file is complete in itself: it loads
      nothing and runs no script.
    </p>
  </footer> `;
}
