import type { Result } from '../analyse.ts';
import { html, type Markup } from '../markup.ts';
import { brandNames, section, type Page } from '../page.ts';
import { count, STATES } from '../words.ts';
import { promptTable } from './prompt-table.ts';

/** Prompts by AI engines: how each ended and whom it names. Empty if none was asked. */
export function promptsSection(page: Page): Markup | '' {
  const { engines, brands } = page.analysis;
  if (engines.length === 0) return '';
  return section(
    'prompts',
    'Prompt by prompt',
    `${brands ? 'Whom each answer names. ' : ''}${STATES.done.sign} answered; anything else is written out. Each cell leads to the answer.`,
    promptTable(page, {
      label: 'Prompt by prompt',
      caption: 'Outcome of every prompt on every engine',
      engines,
      answered: (one) => answered(page, one),
      named: ({ results, name, where }) =>
        page.subsets.count(
          `${where}, names ${name}`,
          results.filter((one) => one.names.has(name)),
        ),
    }),
  );
}

function answered({ analysis }: Page, one: Result): Markup | Markup[] | string {
  const { brands, names } = analysis;
  if (one.text === undefined) return 'not readable';
  if (brands === undefined) return count(one.answer?.citations?.length ?? 0, 'source');
  const named = names.filter((name) => one.names.has(name));
  return named.length === 0 ? html`<span class="muted">none named</span>` : brandNames(named, brands.brand);
}
