#!/usr/bin/env node
// Old JavaScript on purpose: it has to run on whatever Node there is, to say what is missing or to find the right one.
'use strict';
const path = require('node:path');
const { pathToFileURL } = require('node:url');

const WANTED_MAJOR = 24;
const main = path.join(__dirname, '..', 'src', 'main.ts');

if (Number(process.versions.node.split('.')[0]) >= WANTED_MAJOR) {
  // Compiled code is kept between starts. Before the first line of TypeScript is loaded: what strips its types takes
  // 80 ms to load, and is not needed for what is kept.
  require('node:module').enableCompileCache();
  import(pathToFileURL(main).href);
} else {
  runOnBundledNode();
}

function runOnBundledNode() {
  const node = findBundledNode();
  if (node === null) {
    console.error(
      `Kumiki needs Node ${WANTED_MAJOR} or newer; this is ${process.version}, and the Node that comes with Kumiki is not installed.\n` +
        `Kumiki には Node ${WANTED_MAJOR} 以上が必要です（現在：${process.version}）。同梱の Node も見つかりません。\n\n` +
        '    npm install --include=optional\n',
    );
    process.exit(1);
  }
  const child = require('node:child_process').spawn(node, [main, ...process.argv.slice(2)], {
    stdio: 'inherit',
    env: { ...process.env, PATH: path.dirname(node) + path.delimiter + (process.env.PATH || '') },
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('exit', (code, signal) => (signal ? process.kill(process.pid, signal) : process.exit(code)));
}

function findBundledNode() {
  const isWindows = process.platform === 'win32';
  const prefix = process.platform === 'darwin' && process.arch === 'arm64' ? 'node-bin' : 'node';
  const platform = isWindows ? 'win' : process.platform;
  try {
    return require.resolve(`${prefix}-${platform}-${process.arch}/bin/node${isWindows ? '.exe' : ''}`);
  } catch {
    return null;
  }
}
