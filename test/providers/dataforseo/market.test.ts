import { describe, expect, it } from 'vitest';
import { provider, account, request } from './samples.ts';
import type { ScrapeRequest } from '../../../src/contracts/scrape.ts';

function sent(changes: Partial<ScrapeRequest>): Record<string, unknown> {
  const { body = '[]' } = provider.submitRequest(request(changes), account, 'tag');
  return (JSON.parse(body) as Array<Record<string, unknown>>)[0] ?? {}; // our own JSON
}

describe('a market', () => {
  it.each([
    ['US/en', 2840, 'en'],
    ['GB/en', 2826, 'en'],
    ['de/de', 2276, 'de'],
    ['AD/ca', 2020, 'ca'],
    ['AF/fa', 2004, 'fa'],
    // A language that goes without saying.
    ['JP', 2392, 'ja'],
    ['BR', 2076, 'pt'],
    // As the search engines write them.
    ['TW/zh', 2158, 'zh-TW'],
    ['CN', 2156, 'zh-CN'],
    ['NO/nb', 2578, 'no'],
    ['BR/pt-BR', 2076, 'pt-BR'],
  ])('%s is location %d and language %s', (market, location_code, language_code) => {
    expect(sent({ market })).toMatchObject({ location_code, language_code });
    expect(provider.validate(request({ market }))).toEqual([]);
  });

  it('is overruled by parameters, and never sent twice', () => {
    const params = { location_name: 'London,England,United Kingdom', language_name: 'English' };
    const task = sent({ market: 'DE/de', params });
    expect(task).toMatchObject(params);
    expect(Object.keys(task)).not.toEqual(expect.arrayContaining(['location_code']));
    expect(Object.keys(task)).not.toEqual(expect.arrayContaining(['language_code']));
  });

  it.each([
    ['CH', 'market', 'needs a language too, such as CH/de'],
    ['CA', 'market', 'needs a language too, such as CA/en'],
    ['XX/en', 'market', '"XX" is no country code; or set params.location_name'],
    ['Germany', 'market', '"Germany" is no market; write it as US/en or DE'],
  ])('%s is refused before anything is bought', (market, field, message) => {
    expect(provider.validate(request({ market }))).toEqual([{ field, message }]);
  });

  it('that says too little is completed by parameters', () => {
    expect(provider.validate(request({ market: 'CH', params: { language_code: 'fr' } }))).toEqual([]);
    const params = { location_coordinate: '47.3769,8.5417,500' };
    expect(provider.validate(request({ market: 'XX/de', params }))).toEqual([]);
  });
});
