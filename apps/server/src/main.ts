import { fileURLToPath } from 'node:url';
import { holdHeap } from './heap-size.ts';
import { surviveLateWrites } from './late-writes.ts';
import { makeImportsQuick } from './quick-imports.ts';

makeImportsQuick();
surviveLateWrites();
holdHeap();

const { runCommandLine } = await import('./command-line.ts');

await runCommandLine({
  parameters: process.argv.slice(2),
  environment: process.env,
  places: {
    // npm runs scripts in the folder of their package, and tells here where the person stands.
    currentFolder: process.env.INIT_CWD ?? process.cwd(),
    defaultDataFolder: fileURLToPath(new URL('../../../.kumiki', import.meta.url)),
  },
});
