/** What the simulators know by themselves; a keyless Gleaner buys with it. ScrapeLLM's key: */
export const SIMULATOR_KEY = 'simulator-key';
/** And DataForSEO's account. */
export const SIMULATOR_LOGIN = 'simulator';
export const SIMULATOR_PASSWORD = 'simulator-password';
