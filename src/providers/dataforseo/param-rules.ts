import type { ScrapeRequest } from '../../contracts/scrape.ts';
import type { Problem } from '../provider.ts';
import { coordinateForm, isCoordinate } from './coordinate.ts';
import type { Family } from './family.ts';
import { NEEDS_RECTANGLES, NEEDS_STOP_CRAWL, TARGET_TYPE_NAMES } from './params.ts';
import { splitList, stopTargets } from './request-body.ts';

/** "You can specify up to 10" targets, and up to 10 parameters to remove. */
const MAX_LISTED = 10;
const DESKTOP = ['windows', 'macos'];

/** What is wrong between parameters, or inside one that stands for a list; each alone has the right type already. */
export function paramRules({ params }: ScrapeRequest, family: Family): Problem[] {
  const problems: Problem[] = [];
  const report = (name: string, message: string): void => {
    problems.push({ field: `params.${name}`, message });
  };
  const text = (name: string): string | undefined => {
    const value = params[name];
    return typeof value === 'string' ? value : undefined;
  };
  const list = (name: string): string[] => splitList(text(name) ?? '');

  onlyOne(['location_code', 'location_name', 'location_coordinate']);
  onlyOne(['language_code', 'language_name']);
  function onlyOne(names: readonly string[]): void {
    const given = names.filter((name) => params[name] !== undefined);
    if (given.length > 1) report(given[1] ?? '', `says the same as params.${given[0]}; keep one of them`);
  }

  const coordinate = text('location_coordinate');
  if (coordinate !== undefined && family.coordinate && !isCoordinate(coordinate, family.coordinate)) {
    report('location_coordinate', `must be ${coordinateForm(family.coordinate)}`);
  }

  const known = family.variants.map(({ name }) => name);
  const variants = text('variants');
  if (variants !== undefined) {
    const unknown = splitList(variants).find((name) => !known.includes(name));
    if (unknown !== undefined || splitList(variants).length === 0) {
      report('variants', `must be a comma list out of ${known.join(', ')}`);
    } else if (family.reads === 'ai-overview' && !splitList(variants).includes('advanced')) {
      report('variants', 'must include advanced: no other form has the overview');
    }
  }

  const os = text('os');
  if (os !== undefined && 'device' in family.params) {
    const desktop = text('device') !== 'mobile';
    if (desktop !== DESKTOP.includes(os)) {
      report('os', `must be ${desktop ? 'windows or macos on desktop' : 'android or ios on mobile'}`);
    }
  }

  const stop = text('stop_crawl_on_match');
  if (stop !== undefined) {
    const targets = stopTargets(stop);
    if (!targets)
      report('stop_crawl_on_match', 'must be a comma list or a JSON list of {match_value, match_type}');
    else if (targets.length > MAX_LISTED)
      report('stop_crawl_on_match', `has ${targets.length} targets; the most is 10`);
    else if (targets.some(({ match_value }) => match_value.includes('://'))) {
      report('stop_crawl_on_match', 'must name domains without http:// or https://');
    }
  } else {
    for (const name of NEEDS_STOP_CRAWL) {
      if (params[name] !== undefined) report(name, 'needs params.stop_crawl_on_match');
    }
  }

  for (const name of ['find_targets_in', 'ignore_targets_in']) {
    const unknown = list(name).find((type) => !TARGET_TYPE_NAMES.includes(type));
    if (unknown !== undefined) report(name, `"${unknown}" is none of ${TARGET_TYPE_NAMES.join(', ')}`);
  }
  const both = list('find_targets_in').find((type) => list('ignore_targets_in').includes(type));
  if (both !== undefined) report('ignore_targets_in', `"${both}" is in params.find_targets_in too`);
  if (list('remove_from_url').length > MAX_LISTED) report('remove_from_url', 'has more than 10 parameters');

  if (params['calculate_rectangles'] !== true) {
    for (const name of NEEDS_RECTANGLES) {
      if (params[name] !== undefined) report(name, 'needs params.calculate_rectangles');
    }
  }
  if (
    params['expand_citations'] === true &&
    'force_web_search' in family.params &&
    params['force_web_search'] !== true
  ) {
    report('expand_citations', 'needs params.force_web_search');
  }
  return problems;
}
