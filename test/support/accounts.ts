import {
  SIMULATOR_KEY,
  SIMULATOR_LOGIN,
  SIMULATOR_PASSWORD,
} from '../../src/contracts/simulator-credentials.ts';
import type { Account } from '../../src/providers/account.ts';

/** The simulated ScrapeLLM's account at its simulator, without limits of our own. */
function simulatedScrapeLlm(baseUrl: string, timeScale: number): Account {
  return {
    provider: 'scrapellm',
    name: 'simulator',
    baseUrl,
    secret: SIMULATOR_KEY,
    simulated: true,
    timeScale,
    submitsPerSecond: 100,
    readsPerSecond: 500,
  };
}

/** The same of the simulated DataForSEO. */
export function simulatedDataForSeo(baseUrl: string, timeScale: number): Account {
  const secret = `${SIMULATOR_LOGIN}:${SIMULATOR_PASSWORD}`;
  return { ...simulatedScrapeLlm(baseUrl, timeScale), provider: 'dataforseo', secret };
}

/** Both vendors' accounts at one simulator. */
export function bothAccounts(baseUrl: string, timeScale = 1): Account[] {
  return [simulatedScrapeLlm(baseUrl, timeScale), simulatedDataForSeo(baseUrl, timeScale)];
}
