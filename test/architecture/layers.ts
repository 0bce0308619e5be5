/** Who may import what: the layout of docs/architecture.md as data. `.oxlintrc.json` says the same in the editor. */
interface Layer {
  /** Folders of `src/` that it may import. */
  from: readonly string[];
  /** Folders of which it may import types only. */
  typesFrom?: readonly string[];
  /** Packages that it may import; any if not given. */
  packages?: readonly string[];
}

export const LAYERS: Record<string, Layer> = {
  contracts: { from: [], packages: [] },
  'contracts/schemas': { from: ['contracts'], packages: ['node:', 'zod'] },
  // In the sandbox: no Node, no schemas, and of the activities nothing but their types. Of the ledger only what is pure:
  // bundle.test.ts names the two files.
  workflows: {
    from: ['contracts', 'ledger'],
    typesFrom: ['activities'],
    packages: ['@temporalio/common', '@temporalio/workflow'],
  },
  // `client` for plan-batch: the client and the first activity lay out a batch with the same pure function.
  activities: { from: ['client', 'contracts', 'contracts/schemas', 'ledger', 'lists', 'providers', 'store'] },
  providers: { from: ['contracts'], packages: ['node:', 'undici', 'zod'] },
  ledger: { from: ['contracts', 'store'], packages: ['@duckdb/node-api'] },
  // What activities and the audit share: the pace of free calls, and what a list of purchases shows.
  lists: { from: ['contracts', 'providers', 'store'], packages: [] },
  audit: { from: ['contracts', 'ledger', 'lists', 'providers', 'store'], packages: [] },
  store: { from: ['contracts'], packages: ['node:', 'zod'] },
  // `providers` for their tables of scrapers: an input is refused before anything is started.
  client: {
    from: ['audit', 'config', 'contracts', 'contracts/schemas', 'lists', 'providers', 'store'],
    typesFrom: ['workflows'],
  },
  config: { from: ['contracts', 'contracts/schemas'], typesFrom: ['providers'], packages: ['node:', 'zod'] },
  worker: {
    from: [
      'activities',
      'client',
      'config',
      'contracts',
      'dev-server',
      'ledger',
      'providers',
      'store',
      'webhooks',
    ],
  },
  // `providers` for the type of an address only: what is posted is read by activities.
  webhooks: { from: ['contracts', 'store'], typesFrom: ['providers'] },
  'dev-server': { from: ['contracts'] },
  report: { from: ['contracts', 'ledger', 'store'] },
  simulator: { from: ['contracts'] },
  cli: {
    from: [
      'client',
      'config',
      'contracts',
      'contracts/schemas',
      'dev-server',
      'ledger',
      'providers',
      'report',
      'simulator',
      'store',
      'worker',
    ],
  },
};
