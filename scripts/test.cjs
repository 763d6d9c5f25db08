// `npm test`: on a fresh clone installs first; then everything runs on the project's own Node.
const { spawnSync } = require('node:child_process');
const path = require('node:path');
const { ensureBuilt, ensureInstalled, findNode, root } = require('./bootstrap.cjs');

ensureInstalled();
ensureBuilt();
const { status } = spawnSync(findNode(), [path.join(root, 'scripts', 'test.ts'), ...process.argv.slice(2)], {
  cwd: root,
  stdio: 'inherit',
});
process.exit(status ?? 1);
