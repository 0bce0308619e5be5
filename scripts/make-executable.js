// Lets the built command line be run by its name; the compiler writes it without the right to be executed.
import { chmodSync } from 'node:fs';

chmodSync(new URL('../dist/cli/main.js', import.meta.url), 0o755);
