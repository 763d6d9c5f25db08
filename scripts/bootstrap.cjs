// Runs on whatever Node the machine has, before anything is installed: so plain, old and without dependencies.
const { spawnSync } = require('node:child_process');
const { createHash } = require('node:crypto');
const { existsSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } = require('node:fs');
const path = require('node:path');

const root = path.resolve(__dirname, '..');
const needed = 24;

/** Installs what the lock file names, unless that has been done for this very lock file. */
function ensureInstalled() {
  const stamp = path.join(root, 'node_modules', '.kumiki-installed');
  const wanted = hashFiles([path.join(root, 'package-lock.json')]);
  if (readStamp(stamp) === wanted) return;
  console.log('Installing what Kumiki needs (npm ci) …');
  run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error']);
  writeFileSync(stamp, wanted);
}

/** Builds the editor, unless its sources are those of the last build. */
function ensureBuilt() {
  const output = path.join(root, 'apps', 'editor', 'dist');
  const stamp = path.join(output, '.kumiki-built');
  const sources = ['apps/editor', 'packages/flow', 'packages/client', 'package-lock.json'];
  const wanted = hashState(sources.map((source) => path.join(root, source)));
  if (readStamp(stamp) === wanted) return;
  console.log('Building the editor …');
  run('npx', ['--no-install', 'turbo', 'run', 'build', '--output-logs=errors-only']);
  mkdirSync(output, { recursive: true });
  writeFileSync(stamp, wanted);
}

/** The Node that the program runs on: npm puts the one of the lock file first on the path. */
function findNode() {
  for (const node of ['node', process.execPath]) {
    const { status, stdout } = spawnSync(node, ['--version'], { encoding: 'utf8' });
    if (status === 0 && Number(stdout.slice(1).split('.')[0]) >= needed) return node;
  }
  console.error(
    `Kumiki needs Node ${needed}; this is ${process.version}, and the Node that npm should have brought is missing.\n` +
      'Run `npm ci` without --omit=optional, or install Node 24 (https://nodejs.org), then start again.',
  );
  process.exit(1);
}

function run(command, parameters) {
  const { status, error } = spawnSync(command, parameters, {
    cwd: root,
    stdio: 'inherit',
    // Nothing leaves the house, the build tool's telemetry included.
    env: { ...process.env, TURBO_TELEMETRY_DISABLED: '1', TURBO_NO_UPDATE_NOTIFIER: '1' },
    shell: process.platform === 'win32',
  });
  if (error || status !== 0) {
    console.error(
      `\n\`${command} ${parameters.join(' ')}\` failed${error ? `: ${error.message}` : ''}. See its lines above.`,
    );
    process.exit(1);
  }
}

function readStamp(file) {
  return existsSync(file) ? readFileSync(file, 'utf8') : null;
}

function hashFiles(files) {
  const hash = createHash('sha256');
  for (const file of files) hash.update(readFileSync(file));
  return hash.digest('hex');
}

/** Cheap: names, sizes and times, no contents. A false alarm costs a build that turbo has in its cache. */
function hashState(entries) {
  const hash = createHash('sha256');
  const visit = (entry) => {
    const state = statSync(entry);
    if (!state.isDirectory())
      return void hash.update(`${path.relative(root, entry)}\0${state.size}\0${state.mtimeMs}\n`);
    for (const name of readdirSync(entry).sort()) {
      if (name !== 'node_modules' && name !== 'dist' && name !== '.turbo') visit(path.join(entry, name));
    }
  };
  for (const entry of entries) visit(entry);
  return hash.digest('hex');
}

module.exports = { ensureBuilt, ensureInstalled, findNode, root };
