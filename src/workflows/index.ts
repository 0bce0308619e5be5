// What the worker registers: the names are public (`temporal workflow start --type …`).
export { scrapeWorkflow } from './scrape.ts';
export { batchWorkflow } from './batch.ts';
export { partitionWorkflow } from './partition.ts';
export { collectorWorkflow } from './collector.ts';
export { storeBindingWorkflow } from './store-binding.ts';
export { default } from './unknown-type.ts';
