import { parseMarket } from '../../contracts/market.ts';
import { nearest } from '../../contracts/nearest.ts';
import type { ParamValue, ScrapeRequest } from '../../contracts/scrape.ts';
import type { ParamSpec, Problem, ScraperSpec } from '../provider.ts';
import { rowOf } from './engines.ts';

/** Everything wrong with a request, each with its field; empty if it can be bought. */
export function validate(request: ScrapeRequest): Problem[] {
  const { spec } = rowOf(request.scraper);
  return [
    ...promptProblems(request.prompt, spec),
    ...marketProblems(request, spec),
    ...Object.entries(request.params).flatMap(([name, value]) => paramProblems(name, value, request, spec)),
  ];
}

function promptProblems(prompt: string, spec: ScraperSpec): Problem[] {
  const field = 'prompt';
  if (prompt.trim() === '') return [{ field, message: 'is empty' }];
  // Only a surrogate without its other half matches with the u flag; it has no UTF-8 form.
  if (/\p{Surrogate}/u.test(prompt)) {
    return [{ field, message: 'holds half a character (a lone surrogate); was it cut in the middle?' }];
  }
  const length = Array.from(prompt).length;
  if (length <= spec.maxPromptChars) return [];
  return [{ field, message: `has ${length} characters; the most is ${spec.maxPromptChars}` }];
}

function marketProblems(request: ScrapeRequest, spec: ScraperSpec): Problem[] {
  const field = 'market';
  const market = parseMarket(request.market);
  if (!market) return [{ field, message: `"${request.market}" is no market; write it as US/en or DE` }];
  if (!spec.refusedCountries.includes(market.country)) return [];
  return [{ field, message: `${request.scraper} does not serve ${spec.refusedCountries.join(' and ')}` }];
}

/** Parameters that the address has too, and the field of ours that sets them. */
const OWN_FIELDS = new Map([
  ['prompt', 'prompt'],
  ['country', 'market'],
  ['api_key', 'account'],
]);

function paramProblems(
  name: string,
  value: ParamValue,
  request: ScrapeRequest,
  spec: ScraperSpec,
): Problem[] {
  const field = `params.${name}`;
  const ownField = OWN_FIELDS.get(name);
  if (ownField) return [{ field, message: `is not a parameter; use the field "${ownField}"` }];
  const param = Object.hasOwn(spec.params, name) ? spec.params[name] : undefined;
  if (!param) {
    const known = Object.keys(spec.params);
    const near = nearest(name, known);
    const hint = near === undefined ? '' : ` Did you mean "${near}"?`;
    return [{ field, message: `unknown for ${request.scraper}.${hint} Known: ${known.join(', ')}` }];
  }
  const message = valueProblem(value, param);
  return message === undefined ? [] : [{ field, message }];
}

function valueProblem(value: unknown, param: ParamSpec): string | undefined {
  if (param.type === 'boolean') return typeof value === 'boolean' ? undefined : 'must be true or false';
  if (param.type === 'number') {
    const fits = typeof value === 'number' && value >= param.min && value <= param.max;
    return fits ? undefined : `must be a number from ${param.min} to ${param.max}`;
  }
  if (param.type === 'text') return typeof value === 'string' ? undefined : `must be ${param.form}`;
  if (typeof value === 'string' && param.values.includes(value)) return undefined;
  const near = typeof value === 'string' ? nearest(value, param.values) : undefined;
  const hint = near === undefined ? '' : `; did you mean "${near}"?`;
  return `must be one of ${param.values.join(', ')}${hint}`;
}
