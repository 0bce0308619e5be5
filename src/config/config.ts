import type { Account } from '../providers/account.ts';

/** Everything that the environment decides, read once by `readConfig(env, cwd)` and passed down. */
export interface Config {
  /** Absolute folder of this project's state; simulated runs have their own below it. */
  home: string;
  /** Absolute folder of what is not the store: the dev server's database, logs. Simulated runs have their own. */
  stateFolder: string;
  /** Absolute folder of the store. */
  store: string;
  /** No provider key is set: our simulator serves, and every screen says SIMULATED. */
  simulated: boolean;
  taskQueue: string;
  /** How many worker processes share the accounts, this one included. */
  workers: number;
  /** Ports that our own dev server tries first. */
  temporalPort: number;
  uiPort: number;
  /** Port of our simulator, and how many times faster than life it runs. */
  simulatorPort: number;
  simulatorSpeed: number;
  /** Our address as providers reach it, without a slash at the end; undefined: they are given none. */
  webhookUrl?: string;
  /** Port that `--webhooks` listens on. */
  webhookPort: number;
  /** Signs the addresses that providers are given. Never print it. */
  webhookSecret?: string;
  /** The `TEMPORAL_*` variables as they are, for the SDK's environment configuration. Holds secrets: never print it. */
  temporalEnv: Record<string, string>;
  accounts: Account[];
  /** Dollars that one credit costs here, for totals in reports and screens; nothing is decided by it. */
  usdPerCredit?: number;
}
