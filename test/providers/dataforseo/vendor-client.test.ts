import * as vendor from 'dataforseo-client';
import { describe, expect, it } from 'vitest';
import type { EngineOf } from '../../../src/contracts/scrapers.ts';
import { FAMILIES, paramsOf } from '../../../src/providers/dataforseo/families.ts';
import { fixture } from './samples.ts';

/** What the vendor's own generated client knows of each family: fields of a task, and the shape of a result. */
const MODELS: Record<EngineOf<'dataforseo'>, { post: Model; result: Model }> = {
  gemini: {
    post: vendor.AiOptimizationGeminiLlmScraperTaskPostRequestInfo,
    result: vendor.AiOptimizationGeminiLlmScraperTaskGetAdvancedResultInfo,
  },
  chatgpt: {
    post: vendor.AiOptimizationChatGptLlmScraperTaskPostRequestInfo,
    result: vendor.AiOptimizationChatGptLlmScraperTaskGetAdvancedResultInfo,
  },
  'google-organic': {
    post: vendor.SerpGoogleOrganicTaskPostRequestInfo,
    result: vendor.SerpGoogleOrganicTaskGetAdvancedResultInfo,
  },
  'google-ai-overview': {
    post: vendor.SerpGoogleOrganicTaskPostRequestInfo,
    result: vendor.SerpGoogleOrganicTaskGetAdvancedResultInfo,
  },
  'google-ai-mode': {
    post: vendor.SerpGoogleAiModeTaskPostRequestInfo,
    result: vendor.SerpGoogleAiModeTaskGetAdvancedResultInfo,
  },
  'google-images': {
    post: vendor.SerpGoogleImagesTaskPostRequestInfo,
    result: vendor.SerpGoogleImagesTaskGetAdvancedResultInfo,
  },
  'google-news': {
    post: vendor.SerpGoogleNewsTaskPostRequestInfo,
    result: vendor.SerpGoogleNewsTaskGetAdvancedResultInfo,
  },
  'google-maps': {
    post: vendor.SerpGoogleMapsTaskPostRequestInfo,
    result: vendor.SerpGoogleMapsTaskGetAdvancedResultInfo,
  },
  'bing-organic': {
    post: vendor.SerpBingOrganicTaskPostRequestInfo,
    result: vendor.SerpBingOrganicTaskGetAdvancedResultInfo,
  },
};

interface Model {
  fromJS(data: unknown): { toJSON(data?: unknown): Record<string, unknown> };
}

const ENGINES = Object.keys(FAMILIES) as Array<EngineOf<'dataforseo'>>; // the keys of that record

describe('the vendor’s own client', () => {
  it.each(ENGINES)('has every parameter of %s, and we have every one of its', (engine) => {
    const fields = Object.keys(MODELS[engine].post.fromJS({}).toJSON());
    const ours = [
      'keyword',
      ...Object.keys(paramsOf(FAMILIES[engine])),
      ...Object.keys(FAMILIES[engine].always ?? {}),
    ];
    expect([...ours.filter((name) => name !== 'variants'), ...SET_BY_US].sort()).toEqual(
      expect.arrayContaining(fields.filter((name) => !INSIDE_TARGETS.includes(name)).sort()),
    );
    expect(ours.filter((name) => name !== 'variants' && !fields.includes(name))).toEqual([]);
  });

  it.each(ENGINES)('reads our sample of %s, and knows every field of its frame', (engine) => {
    const sample = fixture(engine);
    // A null entry makes it throw.
    const items = (Array.isArray(sample['items']) ? sample['items'] : []).filter((item) => item !== null);
    const known = Object.keys(MODELS[engine].result.fromJS({}).toJSON());
    expect(Object.keys(sample).filter((name) => !known.includes(name))).toEqual([]);
    const read = MODELS[engine].result.fromJS({ ...sample, items }).toJSON();
    expect(read['items']).toHaveLength(items.length);
  });
});

const SET_BY_US = ['tag', 'pingback_url', 'postback_url', 'postback_data'];
/** Declared beside stop_crawl_on_match too; they belong into it. */
const INSIDE_TARGETS = ['match_value', 'match_type'];
