import { SearchAttributeType, defineSearchAttributeKey } from '@temporalio/common';
import type { SearchAttributePair } from '@temporalio/common';
import { upsertSearchAttributes, workflowInfo } from '@temporalio/workflow';
import type { ScrapeRef } from '../contracts/scrape.ts';

const SCRAPER = defineSearchAttributeKey('Scraper', SearchAttributeType.KEYWORD);
const BATCH_ID = defineSearchAttributeKey('BatchId', SearchAttributeType.KEYWORD);
const ACCOUNT = defineSearchAttributeKey('Account', SearchAttributeType.KEYWORD);
const LABEL = defineSearchAttributeKey('Label', SearchAttributeType.KEYWORD);

/** What a scrape is found by in the Temporal UI. */
export function scrapeAttributes(ref: ScrapeRef): SearchAttributePair[] {
  return [
    { key: SCRAPER, value: ref.scraper },
    { key: ACCOUNT, value: ref.account },
    ...(ref.batchId === undefined ? [] : [{ key: BATCH_ID, value: ref.batchId }]),
    ...(ref.label === undefined ? [] : [{ key: LABEL, value: ref.label }]),
  ];
}

/** What a batch and its partitions are found by. */
export function batchAttributes(batchId: string): SearchAttributePair[] {
  return [{ key: BATCH_ID, value: batchId }];
}

/** Adds what a run started by hand lacks, once; costs one event, and none for runs that our client or a batch started. */
export function completeSearchAttributes(ref: ScrapeRef, known: boolean): void {
  if (known && workflowInfo().typedSearchAttributes.get(SCRAPER) === undefined) {
    upsertSearchAttributes(scrapeAttributes(ref));
  }
}

export function completeBatchAttributes(batchId: string, known: boolean): void {
  if (known && workflowInfo().typedSearchAttributes.get(BATCH_ID) === undefined) {
    upsertSearchAttributes(batchAttributes(batchId));
  }
}
