// `npm start`: on a fresh clone installs, builds and prepares; afterwards only looks at stamps and starts.
const { spawn } = require('node:child_process');
const path = require('node:path');
const { ensureBuilt, ensureInstalled, findNode, root } = require('./bootstrap.cjs');

ensureInstalled();
ensureBuilt();
const node = findNode();
const main = path.join(root, 'apps', 'server', 'src', 'main.ts');
const child = spawn(node, [main, 'start', ...process.argv.slice(2)], { stdio: 'inherit' });
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
child.on('exit', (code, signal) => (signal ? process.kill(process.pid, signal) : process.exit(code)));
