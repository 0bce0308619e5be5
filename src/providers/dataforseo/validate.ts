import { parseMarket } from '../../contracts/market.ts';
import { nearest } from '../../contracts/nearest.ts';
import type { ParamValue, ScrapeRequest } from '../../contracts/scrape.ts';
import type { ParamSpec, Problem } from '../provider.ts';
import { familyOf, paramsOf } from './families.ts';
import type { Family } from './family.ts';
import { marketFields } from './market.ts';
import { paramRules } from './param-rules.ts';

/** Everything wrong with a request, each with its field; empty if it can be bought. */
export function validate(request: ScrapeRequest): Problem[] {
  const family = familyOf(request.scraper);
  const params = Object.entries(request.params).flatMap(([name, value]) =>
    paramProblems(name, value, request, paramsOf(family)),
  );
  return [
    ...promptProblems(request.prompt, family),
    ...marketProblems(request),
    ...params,
    // Rules between parameters make sense once each of them does.
    ...(params.length === 0 ? paramRules(request, family) : []),
  ];
}

function promptProblems(prompt: string, { maxPromptChars, price }: Family): Problem[] {
  const field = 'prompt';
  if (prompt.trim() === '') return [{ field, message: 'is empty' }];
  // Only a surrogate without its other half matches with the u flag; it has no UTF-8 form.
  if (/\p{Surrogate}/u.test(prompt)) {
    return [{ field, message: 'holds half a character (a lone surrogate); was it cut in the middle?' }];
  }
  const length = Array.from(prompt).length;
  if (length > maxPromptChars) {
    return [{ field, message: `has ${length} characters; the most is ${maxPromptChars}` }];
  }
  const refused = price.refusedOperators?.find((operator) =>
    new RegExp(`(?<![\\p{L}\\p{N}])${operator}`, 'iu').test(prompt),
  );
  return refused ? [{ field, message: `must not hold "${refused}", which this search does not take` }] : [];
}

function marketProblems(request: ScrapeRequest): Problem[] {
  const field = 'market';
  const market = parseMarket(request.market);
  if (!market) return [{ field, message: `"${request.market}" is no market; write it as US/en or DE` }];
  const { location, language } = marketFields(request);
  const problems: Problem[] = [];
  if (!location) {
    problems.push({ field, message: `"${market.country}" is no country code; or set params.location_name` });
  }
  if (!language) {
    const example = `${market.country}/${market.country === 'CH' ? 'de' : 'en'}`;
    problems.push({ field, message: `needs a language too, such as ${example}` });
  }
  return problems;
}

/** Fields of a task that are set by us, and the field of ours that decides them. */
const OWN_FIELDS = new Map([
  ['keyword', 'prompt'],
  ['tag', 'id'],
  ['pingback_url', 'GLEANER_WEBHOOK_URL'],
  ['postback_url', 'GLEANER_WEBHOOK_URL'],
  ['postback_data', 'params.variants'],
  ['match_value', 'params.stop_crawl_on_match'],
  ['match_type', 'params.stop_crawl_on_match'],
]);

function paramProblems(
  name: string,
  value: ParamValue,
  { scraper }: ScrapeRequest,
  specs: Record<string, ParamSpec>,
): Problem[] {
  const field = `params.${name}`;
  const own = OWN_FIELDS.get(name);
  if (own) return [{ field, message: `is not a parameter; it follows from ${own}` }];
  const spec = Object.hasOwn(specs, name) ? specs[name] : undefined;
  if (!spec) {
    const known = Object.keys(specs);
    const near = nearest(name, known);
    const hint = near === undefined ? '' : ` Did you mean "${near}"?`;
    return [{ field, message: `unknown for ${scraper}.${hint} Known: ${known.join(', ')}` }];
  }
  const message = valueProblem(name, value, spec);
  return message === undefined ? [] : [{ field, message }];
}

function valueProblem(name: string, value: ParamValue, spec: ParamSpec): string | undefined {
  switch (spec.type) {
    case 'boolean':
      return typeof value === 'boolean' ? undefined : 'must be true or false';
    case 'number': {
      const whole = name !== 'browser_screen_resolution_ratio';
      const fits =
        typeof value === 'number' &&
        value >= spec.min &&
        value <= spec.max &&
        (!whole || Number.isInteger(value));
      return fits ? undefined : `must be a ${whole ? 'whole ' : ''}number from ${spec.min} to ${spec.max}`;
    }
    case 'text':
      return typeof value === 'string' && value.trim() !== '' ? undefined : `must be ${spec.form}`;
    case 'string': {
      if (typeof value === 'string' && spec.values.includes(value)) return undefined;
      const near = typeof value === 'string' ? nearest(value, spec.values) : undefined;
      const hint = near === undefined ? '' : `; did you mean "${near}"?`;
      return `must be one of ${spec.values.join(', ')}${hint}`;
    }
  }
}
