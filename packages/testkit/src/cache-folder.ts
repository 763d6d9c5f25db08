import { homedir } from 'node:os';
import path from 'node:path';

/** Where things lie that can be fetched again, shared by tests and the program: `KUMIKI_CACHE`, or a folder at home. */
export function cacheFolder(...parts: readonly string[]): string {
  return path.join(process.env.KUMIKI_CACHE ?? path.join(homedir(), '.cache', 'kumiki'), ...parts);
}
