import type { FaultPoint } from '../../../src/activities/fault-points.ts';
import {
  BATCH_FAULT_POINTS,
  CAP_FAULT_POINTS,
  LIST_FAULT_POINTS,
  PAGE_FAULT_POINTS,
  SCRAPE_FAULT_POINTS,
} from '../../../src/activities/fault-points.ts';
import { PROVIDERS } from '../../../src/contracts/scrapers.ts';
import type { KillPlace } from './kill-case.ts';

const ONE_TASK_A_CALL = 'ScrapeLLM takes one task a call';
const NO_LISTS = 'ScrapeLLM has no list of what is ready or was bought';
const NO_POSTS = 'ScrapeLLM posts nothing';
const ONE_FORM = 'an answer of ScrapeLLM has one form';

/** Steps that only a scrape of DataForSEO comes to, and why. */
const NOT_OF_SCRAPELLM: Partial<Record<FaultPoint, string>> = {
  ...Object.fromEntries(PAGE_FAULT_POINTS.map((point) => [point, ONE_TASK_A_CALL])),
  'collect:listed': NO_LISTS,
  'collect:kept': NO_LISTS,
  'collect:told': NO_LISTS,
  'sweep:answered': NO_LISTS,
  'sweep:adopted': NO_LISTS,
  'sweep:duplicate-written': NO_LISTS,
  'sweep:written': NO_LISTS,
  'reconcile:post-adopted': NO_POSTS,
  'resend:answered': NO_POSTS,
  'check:posts-cleared': NO_POSTS,
  'check:variant-received': ONE_FORM,
  'check:variant-stored': ONE_FORM,
};

/** Every step of every protocol, for each provider that has it. */
export const KILL_PLACES: readonly KillPlace[] = [
  ...SCRAPE_FAULT_POINTS,
  ...PAGE_FAULT_POINTS,
  ...LIST_FAULT_POINTS,
  ...BATCH_FAULT_POINTS,
  ...CAP_FAULT_POINTS,
].flatMap((point) =>
  PROVIDERS.filter((provider) => provider === 'dataforseo' || NOT_OF_SCRAPELLM[point] === undefined).map(
    (provider) => ({ point, provider }),
  ),
);
