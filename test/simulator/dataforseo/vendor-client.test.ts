import { AiOptimizationApi, AppendixApi, SerpApi } from 'dataforseo-client/api';
import { describe, expect, it } from 'vitest';
import { AUTH, startBench, TASK } from './helpers.ts';
import { formatTime } from '../../../src/simulator/dataforseo/time.ts';
import { unknownFields } from './unknown-fields.ts';

/** The vendor's own methods for one family. */
interface Methods {
  post(body: never[]): Promise<Answer | null>;
  ready(): Promise<Answer | null>;
  get: Partial<Record<'regular' | 'advanced' | 'html', (id: string) => Promise<Answer | null>>>;
  fixed?: () => Promise<Answer | null>;
}

interface Answer {
  status_code?: number | undefined;
  tasks?: Array<{ id?: string; status_code?: number; result?: object[]; data?: Record<string, unknown> }>;
}

/** Every family with the vendor's methods for it. */
function familiesOf(serp: SerpApi, ai: AiOptimizationApi): Record<string, Methods> {
  return {
    gemini: {
      post: (body) => ai.geminiLlmScraperTaskPost(body),
      ready: () => ai.geminiLlmScraperTasksReady(),
      get: {
        advanced: (id) => ai.geminiLlmScraperTaskGetAdvanced(id),
        html: (id) => ai.geminiLlmScraperTaskGetHtml(id),
      },
    },
    chat_gpt: {
      post: (body) => ai.chatGptLlmScraperTaskPost(body),
      ready: () => ai.chatGptLlmScraperTasksReady(),
      get: {
        advanced: (id) => ai.chatGptLlmScraperTaskGetAdvanced(id),
        html: (id) => ai.chatGptLlmScraperTaskGetHtml(id),
      },
    },
    google_organic: {
      post: (body) => serp.googleOrganicTaskPost(body),
      ready: () => serp.googleOrganicTasksReady(),
      fixed: () => serp.googleOrganicTasksFixed(),
      get: {
        regular: (id) => serp.googleOrganicTaskGetRegular(id),
        advanced: (id) => serp.googleOrganicTaskGetAdvanced(id),
        html: (id) => serp.googleOrganicTaskGetHtml(id),
      },
    },
    google_ai_mode: {
      post: (body) => serp.googleAiModeTaskPost(body),
      ready: () => serp.googleAiModeTasksReady(),
      fixed: () => serp.googleAiModeTasksFixed(),
      get: {
        advanced: (id) => serp.googleAiModeTaskGetAdvanced(id),
        html: (id) => serp.googleAiModeTaskGetHtml(id),
      },
    },
    google_images: {
      post: (body) => serp.googleImagesTaskPost(body),
      ready: () => serp.googleImagesTasksReady(),
      fixed: () => serp.googleImagesTasksFixed(),
      get: {
        advanced: (id) => serp.googleImagesTaskGetAdvanced(id),
        html: (id) => serp.googleImagesTaskGetHtml(id),
      },
    },
    google_news: {
      post: (body) => serp.googleNewsTaskPost(body),
      ready: () => serp.googleNewsTasksReady(),
      fixed: () => serp.googleNewsTasksFixed(),
      get: {
        advanced: (id) => serp.googleNewsTaskGetAdvanced(id),
        html: (id) => serp.googleNewsTaskGetHtml(id),
      },
    },
    google_maps: {
      post: (body) => serp.googleMapsTaskPost(body),
      ready: () => serp.googleMapsTasksReady(),
      fixed: () => serp.googleMapsTasksFixed(),
      get: { advanced: (id) => serp.googleMapsTaskGetAdvanced(id) },
    },
    bing_organic: {
      post: (body) => serp.bingOrganicTaskPost(body),
      ready: () => serp.bingOrganicTasksReady(),
      fixed: () => serp.bingOrganicTasksFixed(),
      get: {
        regular: (id) => serp.bingOrganicTaskGetRegular(id),
        advanced: (id) => serp.bingOrganicTaskGetAdvanced(id),
        html: (id) => serp.bingOrganicTaskGetHtml(id),
      },
    },
  };
}

const FAMILIES = Object.keys(familiesOf(new SerpApi('', { fetch }), new AiOptimizationApi('', { fetch })));

async function startVendor() {
  const bench = await startBench({ aiOverviewRate: 1 });
  const http = {
    fetch: (url: string | URL | Request, init?: RequestInit) =>
      fetch(url, { ...init, headers: { ...(init?.headers as object), authorization: AUTH } }),
  };
  const { url } = bench.simulator;
  const serp = new SerpApi(url, http);
  const ai = new AiOptimizationApi(url, http);
  return { bench, serp, ai, appendix: new AppendixApi(url, http), families: familiesOf(serp, ai) };
}

/** A task as the vendor's request classes would make it. */
function request(fields: Record<string, unknown>): never[] {
  return [fields as never];
}

describe("the vendor's own client", () => {
  it.each(FAMILIES)(
    'posts, lists and gets tasks of %s, and knows every field that it is sent',
    async (name) => {
      const { families } = await startVendor();
      const family = families[name];
      if (!family) throw new Error(`no family ${name}`);
      const ids: string[] = [];
      // Several keywords, because which items a result has is drawn.
      for (let n = 0; n < 8; n++) {
        const posted = await family.post(
          request({ ...TASK, keyword: `which desk lamp ${n}`, tag: `${name}/${n}` }),
        );
        expect(posted?.tasks?.[0]).toMatchObject({ status_code: 20_100, data: { tag: `${name}/${n}` } });
        ids.push(posted?.tasks?.[0]?.id ?? '');
      }
      const ready = await family.ready();
      expect(ready?.tasks?.[0]?.result?.map((row) => (row as { id: string }).id)).toEqual(ids);
      expect(unknownFields(ready)).toEqual([]);
      for (const id of ids) {
        for (const get of Object.values(family.get)) {
          const answer = await get(id);
          expect(answer?.tasks?.[0]).toMatchObject({ id, status_code: 20_000 });
          const [result] = answer?.tasks?.[0]?.result ?? [];
          expect(result).toMatchObject({ keyword: expect.stringMatching(/^which desk lamp \d$/) });
          expect((result as { items: unknown[] }).items.length).toBeGreaterThan(0);
          expect(unknownFields(answer)).toEqual([]);
        }
      }
      expect((await family.ready())?.tasks?.[0]?.result ?? []).toEqual([]);
      expect((await family.fixed?.())?.status_code ?? 20_000).toBe(20_000);
    },
  );

  it('reads the list of ids, errors, balance, prices, codes and services', async () => {
    const { bench, serp, ai, appendix } = await startVendor();
    await bench.dfs.script({ on: 'task', tag: 'bad', steps: [{ faults: ['engine-error'] }] });
    const id = await bench.buy('serp/google/organic', { tag: 'bad' });
    await bench.control.advance(2_000);
    const nowMs = Date.now() + 1_000;
    const window = { datetime_from: formatTime(nowMs - 60_000), datetime_to: formatTime(nowMs) };
    const ids = await serp.idList(request({ ...window, include_metadata: true }));
    expect(ids?.tasks?.[0]?.result).toMatchObject([{ id, status: '40101', metadata: { tag: 'bad' } }]);
    const errors = await serp.errors(request({}));
    expect(errors?.tasks?.[0]?.result).toMatchObject([{ id, error_code: 40_101 }]);
    const user = await appendix.userData();
    expect(user?.tasks?.[0]?.result?.[0]).toMatchObject({
      money: { balance: 999.9994 },
      rates: { limits: { minute: { serp: { tasks_ready: 20 } } } },
      price: { ai_optimization: { llm_scraper: { task_post: { priority_high: [{ cost: 0.0024 }] } } } },
    });
    const codes = await appendix.errors();
    expect(codes?.tasks?.[0]?.result).toContainEqual(expect.objectContaining({ code: 40_602 }));
    const status = await appendix.appendixStatus();
    const places = await ai.chatGptLlmScraperLocationsCountry('de');
    expect(places?.tasks?.[0]?.result).toMatchObject([{ location_code: 2276 }]);
    const languages = await serp.googleAiModeLanguages();
    for (const answer of [ids, errors, user, codes, status, places, languages]) {
      expect(answer?.tasks?.[0]?.status_code).toBe(20_000);
      expect(unknownFields(answer)).toEqual([]);
    }
  });
});
