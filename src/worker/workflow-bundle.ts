import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Beside the compiled folders of `dist`; there is none beside the sources. */
const BUNDLE_PATH = fileURLToPath(new URL('../workflow-bundle.js', import.meta.url));

/**
 * The workflow bundle that `scripts/build-bundle.ts` made of this very build, if it did: `npm run build` empties `dist`
 * first, so an older one cannot be here. Without one the worker bundles the workflows when it starts.
 */
export function prebuiltBundle(): { codePath: string } | undefined {
  return existsSync(BUNDLE_PATH) ? { codePath: BUNDLE_PATH } : undefined;
}
