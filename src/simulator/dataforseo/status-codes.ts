/** Codes and short texts of docs.dataforseo.com/v3/appendix/errors; a message may be longer in an answer. */
export const STATUS_MESSAGES: Readonly<Record<number, string>> = {
  20000: 'Ok.',
  20100: 'Task Created.',
  40000: 'You can set only one task at a time.',
  40001: 'This id is used by another client.',
  40002: 'This id belongs to another search engine.',
  40003: 'This id belongs to another search type.',
  40004: 'This id belongs to another function.',
  40006: 'You can set no more than 100 tasks at a time.',
  40100: 'You are not Authorized to Access this Resource.',
  40101: 'Internal SE Server Error.',
  40102: 'No Search Results.',
  40103: 'Task Execution Failed. Please resubmit the task.',
  40200: 'Payment Required.',
  40201: 'Your account is blocked.',
  40202: 'You have exceeded the limit of requests per minute.',
  40203: 'The cost limit of the day is exceeded.',
  40209: 'Too many simultaneous requests.',
  40210: 'Insufficient Funds.',
  40400: 'Not Found.',
  40401: 'Task Not Found.',
  40402: 'Invalid Path.',
  40403: 'Results Expired.',
  40501: 'Invalid Field.',
  40502: 'POST Data Is Empty.',
  40503: 'POST Data Is Invalid.',
  40506: 'Unknown Fields in POST Data.',
  40601: 'Task Handed.',
  40602: 'Task In Queue.',
  50000: 'Internal Error.',
  50001: 'Error While Checking the Balance.',
  50100: 'Not Implemented.',
  50301: '3rd Party API Service Unavailable.',
  50303: 'Update In Progress.',
  50304: 'Function Temporarily Unavailable.',
  50401: 'Internal Timeout.',
};

/** The vendor's text for a code; a code that the list does not have gets one of its own. */
export function messageOf(code: number): string {
  return STATUS_MESSAGES[code] ?? `Status ${code}.`;
}

/** 2xxxx is no error, everything else counts into `tasks_error`; a waiting task too, as third-party code saw it. */
export function isError(code: number): boolean {
  return code < 20_000 || code >= 30_000;
}
