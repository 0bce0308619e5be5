import { createHash } from 'node:crypto';
import type { Analysis } from './analyse.ts';
import { html, trusted, type Markup } from './markup.ts';
import type { Page } from './page.ts';
import { citedSection } from './sections/cited.ts';
import { enginesSection } from './sections/engines.ts';
import { failuresSection } from './sections/failures.ts';
import { footer } from './sections/footer.ts';
import { contents, masthead, simulatedBanner, title } from './sections/masthead.ts';
import { moneySection } from './sections/money.ts';
import { namedSection } from './sections/named.ts';
import { outcomesSection } from './sections/outcomes.ts';
import { pagesSection } from './sections/pages.ts';
import { promptsSection } from './sections/prompts.ts';
import { resultsSection } from './sections/results.ts';
import { summary } from './sections/summary.ts';
import { STYLES } from './styles.ts';
import { Subsets } from './subsets.ts';

/**
 * The whole page, in pieces of a few kilobytes. It has no script, loads nothing, and its content security policy
 * forbids both, so that a hostile answer has nothing to work with even if it got past the escaping.
 */
export function* renderReport(analysis: Analysis): Iterable<string> {
  const page: Page = { analysis, subsets: new Subsets() };
  for (const piece of pieces(page)) yield String(piece);
}

function* pieces(page: Page): Iterable<Markup | ''> {
  yield head(title(page.analysis), page.analysis.data.simulated);
  yield simulatedBanner(page);
  yield html`<main>`;
  yield masthead(page);
  yield summary(page);
  yield contents(page);
  yield enginesSection(page);
  yield namedSection(page);
  yield citedSection(page);
  yield promptsSection(page);
  yield pagesSection(page);
  yield outcomesSection(page);
  yield failuresSection(page);
  yield moneySection(page);
  yield* resultsSection(page);
  yield footer(page);
  yield html`</main>`;
  yield* page.subsets.render(); // last: it knows its lists only when all links are made
  yield html`</body></html> `;
}

/** The style element goes in whole: its text must be what was hashed, to the last blank. */
function head(title: string, simulated: boolean): Markup {
  const hash = createHash('sha256').update(STYLES).digest('base64');
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta
          http-equiv="Content-Security-Policy"
          content="default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'"
        />
        <meta http-equiv="x-dns-prefetch-control" content="off" />
        <meta name="referrer" content="no-referrer" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${simulated && 'SIMULATED · '}${title}</title>
        ${trusted(`<style>${STYLES}</style>`)}
      </head>
      <body>
     `;
}
