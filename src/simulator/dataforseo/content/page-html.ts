import { padText } from '../../hostile.ts';
import type { Task } from '../task.ts';
import type { Item } from './content.ts';

/** One element of `items` of the HTML variant for each page of the task. */
export function pageHtml(
  task: Task,
  items: readonly Item[],
  date: string,
  minBytes: number,
): { page: number; date: string; html: string }[] {
  return Array.from({ length: Math.max(1, task.pages) }, (_, index) => {
    const page = index + 1;
    const shown = items.filter((item) => (item.page ?? 1) === page);
    const lines = shown.map((item) => `<p>${escape(textOf(item))}</p>`).join('');
    const body = `<!doctype html><html><head><title>${escape(task.keyword)}</title></head><body>${lines}</body></html>`;
    return { page, date, html: page === 1 ? padText(body, minBytes) : body };
  });
}

function textOf(item: Item): string {
  const text = item.markdown ?? item.title ?? item.alt ?? item.type;
  return typeof text === 'string' ? text : item.type;
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
