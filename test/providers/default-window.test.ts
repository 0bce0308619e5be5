import { expect, it } from 'vitest';
import { DEFAULT_PAGE_WINDOW, DEFAULT_WINDOW } from '../../src/contracts/defaults.ts';
import { defaultWindow } from '../../src/providers/default-window.ts';

it.each([
  ['all are bought by the page', ['dataforseo/google-images', 'dataforseo/gemini'], DEFAULT_PAGE_WINDOW],
  ['all are bought one by one', ['scrapellm/chatgpt'], DEFAULT_WINDOW],
  ['some are bought one by one', ['dataforseo/gemini', 'scrapellm/gemini'], DEFAULT_WINDOW],
])('has room for full pages where %s, and only there', (_, scrapers, window) => {
  expect(defaultWindow(scrapers)).toBe(window);
});

it('leaves each of four partitions five pages of a hundred', () => {
  expect(DEFAULT_PAGE_WINDOW / 4).toBe(500);
});
