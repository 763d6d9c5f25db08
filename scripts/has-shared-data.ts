import { existsSync } from 'node:fs';

/** Whether the real documents that nobody here wrote lie beside the clone: their licences keep them out of it. */
export function hasSharedData(): boolean {
  return existsSync(new URL('../../shared/data/documents/', import.meta.url));
}
