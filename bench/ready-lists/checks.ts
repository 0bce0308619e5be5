import type { World } from '../paid-path/world.ts';
import { sum, type Check } from '../scale/check.ts';
import { SCRAPERS_OF_LISTS, type ReadyLists } from './run.ts';

/** Half of the 3.34 s between two calls of a limit, which its lists share. */
const MOST_MS_A_LIST = 1_700;
/** Lists that share a limit with this one, itself included. */
const PATHS: Record<(typeof SCRAPERS_OF_LISTS)[number], number> = {
  'dataforseo/google-images': 1,
  'dataforseo/gemini': 2,
  'dataforseo/chatgpt': 2,
};

/** `crowded`: somebody else's tasks fill the lists, so that a scrape is collected by its own look. */
export function checkReadyLists(world: World, run: ReadyLists, crowded: boolean): Check[] {
  const { dataforseo } = world.simulator.sim;
  const { limitViolations, peaksPerMinute, totals } = dataforseo.summary();
  const lost = run.lives.filter(({ next }) => next.kind !== 'ended' || next.record.outcome !== 'done');
  const taskOf = new Map([...dataforseo.state.tasks.values()].map((task) => [task.keyword, task]));
  const delays = SCRAPERS_OF_LISTS.map((scraper): Check => {
    const ms = run.lives.flatMap(({ row }) => {
      const [task, toldAtMs] = [taskOf.get(row.input.prompt), run.toldAtMs.get(row.scrapeId)];
      if (row.input.scraper !== scraper || toldAtMs === undefined) return [];
      return [toldAtMs - (task?.doneAtMs ?? 0) - (task?.listLagMs ?? 0)];
    });
    const mean = sum(ms, (one) => one) / ms.length;
    const most = PATHS[scraper] * MOST_MS_A_LIST;
    return {
      name: `${scraper}: from the list to the scrape, mean, at most ${most / 1000} s`,
      figure: ms.length === 0 ? 'nobody was told' : `${(mean / 1000).toFixed(2)} s, ${ms.length} told`,
      ok: crowded || mean <= most,
      about: [],
    };
  });
  return [
    {
      name: 'scrapes that were not collected',
      figure: `${lost.length} of ${run.lives.length}`,
      ok: lost.length === 0 && run.lives.length > 0,
      about: lost.map(({ row }) => row.scrapeId),
    },
    ...delays,
    {
      name: 'limits broken',
      figure: String(sum(Object.values(limitViolations), (count) => count)),
      ok: Object.keys(limitViolations).length === 0,
      about: Object.entries(peaksPerMinute).map(([kind, count]) => `${kind}: at most ${count} a minute`),
    },
    {
      name: 'foreign tasks that were fetched',
      figure: `${totals.foreignCollected} of ${totals.foreignTasks}`,
      ok: totals.foreignCollected === 0,
      about: [],
    },
  ];
}
