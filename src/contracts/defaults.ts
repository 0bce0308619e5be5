/** How often a scrape may be bought in all if its input does not say: once, and once more after a definite failure. */
export const DEFAULT_MAX_SUBMISSIONS = 2;

/** Scrapes of a batch that are open at once if its input does not say. */
export const DEFAULT_WINDOW = 100;
