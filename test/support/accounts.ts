import type { Account } from '../../src/providers/account.ts';
import { DATAFORSEO_LOGIN, DATAFORSEO_PASSWORD } from '../../src/simulator/dataforseo/dataforseo.ts';

/** The simulated DataForSEO's account at its simulator, without limits of our own. */
export function simulatedDataForSeo(baseUrl: string, timeScale: number): Account {
  return {
    provider: 'dataforseo',
    name: 'simulator',
    baseUrl,
    secret: `${DATAFORSEO_LOGIN}:${DATAFORSEO_PASSWORD}`,
    simulated: true,
    timeScale,
    submitsPerSecond: 100,
    readsPerSecond: 500,
  };
}
