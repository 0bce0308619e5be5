/** Host of a web address without `www.`; empty for anything else, so that nobody links `javascript:` or `data:`. */
export function domainOf(url: string): string {
  if (!URL.canParse(url)) return '';
  const { protocol, hostname } = new URL(url);
  return protocol === 'http:' || protocol === 'https:' ? hostname.replace(/^www\./, '') : '';
}
