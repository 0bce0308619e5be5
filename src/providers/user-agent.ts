import { readFileSync } from 'node:fs';
import { z } from 'zod';

// The same path leads to package.json from src/providers and from dist/providers.
const packageFile = new URL('../../package.json', import.meta.url);
const { version } = z.object({ version: z.string() }).parse(JSON.parse(readFileSync(packageFile, 'utf8')));

/** How every provider sees us: `gleaner/<version>`. */
export const USER_AGENT = `gleaner/${version}`;
