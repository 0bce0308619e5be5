/** How often a scrape may be bought in all if its input does not say: once, and once more after a definite failure. */
export const DEFAULT_MAX_SUBMISSIONS = 2;

/** Scrapes of a batch that are open at once if its input does not say. */
export const DEFAULT_WINDOW = 100;

/**
 * The same of a batch of which every scrape is bought by the page: five full pages in each of four partitions. With fewer
 * open at once, tasks that take minutes leave room for small pages only, and each is a call.
 */
export const DEFAULT_PAGE_WINDOW = 2_000;
