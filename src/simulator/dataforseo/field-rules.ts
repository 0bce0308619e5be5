/** What a field of a posted task may hold; section 2.1 of the vendor's contract. Absent fields are not asked about. */
type Rule = (value: unknown) => boolean;

const text =
  (maxChars: number): Rule =>
  (value) =>
    typeof value === 'string' && Array.from(value).length <= maxChars;
const oneOf =
  (...values: unknown[]): Rule =>
  (value) =>
    values.includes(value);
const whole =
  (min: number, max: number): Rule =>
  (value) =>
    Number.isInteger(value) && Number(value) >= min && Number(value) <= max;
const number =
  (min: number, max: number): Rule =>
  (value) =>
    typeof value === 'number' && value >= min && value <= max;
const flag = oneOf(true, false);
const address: Rule = (value) => typeof value === 'string' && /^https?:\/\/\S+$/.test(value);
const list =
  (maxItems: number): Rule =>
  (value) =>
    Array.isArray(value) && value.length <= maxItems;
const anyText = text(10_000);

/** Rules by field name. A family's row says which fields it has. Keyword, location and language have rules of their own. */
export const FIELD_RULES: Readonly<Record<string, Rule>> = {
  priority: oneOf(1, 2),
  // Bytes or characters is not said; we count characters.
  tag: text(255),
  postback_url: address,
  pingback_url: address,
  postback_data: oneOf('regular', 'advanced', 'html'),
  device: oneOf('desktop', 'mobile'),
  os: oneOf('windows', 'macos', 'android', 'ios'),
  depth: whole(1, 700),
  max_crawl_pages: whole(1, 100),
  se_domain: text(100),
  search_param: anyText,
  url: address,
  force_web_search: flag,
  expand_citations: flag,
  load_async_ai_overview: flag,
  expand_ai_overview: flag,
  people_also_ask_click_depth: whole(1, 4),
  group_organic_results: flag,
  calculate_rectangles: flag,
  browser_screen_width: whole(240, 9_999),
  browser_screen_height: whole(240, 9_999),
  browser_screen_resolution_ratio: number(0.5, 3),
  remove_from_url: list(10),
  stop_crawl_on_match: list(10),
  match_type: oneOf('domain', 'with_subdomains', 'wildcard'),
  match_value: anyText,
  target_search_mode: oneOf('any', 'all'),
  find_targets_in: list(100),
  ignore_targets_in: list(100),
  search_this_area: flag,
  search_places: flag,
};
