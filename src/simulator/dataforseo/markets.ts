/** A few of the vendor's countries; a code is 2000 plus the country's ISO 3166-1 number. */
const COUNTRIES = [
  [2036, 'Australia', 'AU'],
  [2040, 'Austria', 'AT'],
  [2056, 'Belgium', 'BE'],
  [2076, 'Brazil', 'BR'],
  [2124, 'Canada', 'CA'],
  [2156, 'China', 'CN'],
  [2208, 'Denmark', 'DK'],
  [2246, 'Finland', 'FI'],
  [2250, 'France', 'FR'],
  [2276, 'Germany', 'DE'],
  [2356, 'India', 'IN'],
  [2372, 'Ireland', 'IE'],
  [2380, 'Italy', 'IT'],
  [2392, 'Japan', 'JP'],
  [2410, 'South Korea', 'KR'],
  [2484, 'Mexico', 'MX'],
  [2528, 'Netherlands', 'NL'],
  [2554, 'New Zealand', 'NZ'],
  [2578, 'Norway', 'NO'],
  [2616, 'Poland', 'PL'],
  [2620, 'Portugal', 'PT'],
  [2702, 'Singapore', 'SG'],
  [2710, 'South Africa', 'ZA'],
  [2724, 'Spain', 'ES'],
  [2752, 'Sweden', 'SE'],
  [2756, 'Switzerland', 'CH'],
  [2158, 'Taiwan', 'TW'],
  [2792, 'Turkey', 'TR'],
  [2826, 'United Kingdom', 'GB'],
  [2840, 'United States', 'US'],
] as const;

const CITIES = [[1006886, 'London,England,United Kingdom', 'GB', 20339]] as const;

const LANGUAGES = [
  ['Chinese (Simplified)', 'zh-CN'],
  ['Chinese (Traditional)', 'zh-TW'],
  ['Danish', 'da'],
  ['Dutch', 'nl'],
  ['English', 'en'],
  ['Finnish', 'fi'],
  ['French', 'fr'],
  ['German', 'de'],
  ['Italian', 'it'],
  ['Japanese', 'ja'],
  ['Korean', 'ko'],
  ['Norwegian', 'no'],
  ['Polish', 'pl'],
  ['Portuguese', 'pt'],
  ['Spanish', 'es'],
  ['Swedish', 'sv'],
  ['Turkish', 'tr'],
] as const;

/** The rows of `…/locations`, of one country if it is given (ISO 3166-1 alpha-2, any case). */
export function listLocations(country?: string): Record<string, unknown>[] {
  const rows = [
    ...COUNTRIES.map(([code, name, iso]) => row(code, name, iso, 'Country', null)),
    ...CITIES.map(([code, name, iso, parent]) => row(code, name, iso, 'City', parent)),
  ];
  return rows.filter((each) => country === undefined || each.country_iso_code === country.toUpperCase());
}

/** The rows of `…/languages`. */
export function listLanguages(): Record<string, unknown>[] {
  return LANGUAGES.map(([language_name, language_code]) => ({ language_name, language_code }));
}

/** The code of a location: the given one if it can be one, else that of a name in the list; undefined if neither. */
export function resolveLocation(code: unknown, name: unknown): number | undefined {
  if (code !== undefined) return isLocationCode(code) ? code : undefined;
  return COUNTRIES.find((each) => each[1] === name)?.[0] ?? CITIES.find((each) => each[1] === name)?.[0];
}

/** The code of a language, as `resolveLocation`. Any code of the right form passes: the real list is longer. */
export function resolveLanguage(code: unknown, name: unknown): string | undefined {
  if (code !== undefined) {
    return typeof code === 'string' && /^[a-z]{2,3}(-[A-Za-z]{2,4})?$/.test(code) ? code : undefined;
  }
  return LANGUAGES.find((each) => each[0] === name)?.[1];
}

/** ISO 3166-1 alpha-2 of a location; what the list does not have counts as the United States. */
export function countryOf(locationCode: number): string {
  const place =
    COUNTRIES.find((each) => each[0] === locationCode) ?? CITIES.find((each) => each[0] === locationCode);
  return place?.[2] ?? 'US';
}

function isLocationCode(code: unknown): code is number {
  return Number.isInteger(code) && Number(code) >= 2004 && (Number(code) <= 2900 || Number(code) >= 20_000);
}

function row(
  location_code: number,
  location_name: string,
  country_iso_code: string,
  location_type: string,
  location_code_parent: number | null,
): Record<string, unknown> {
  return { location_code, location_name, location_code_parent, country_iso_code, location_type };
}
