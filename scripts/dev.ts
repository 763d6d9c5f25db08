/** `npm run dev`: the server restarts when its sources change; Vite serves the editor with hot reload. */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const children = [
  spawn('node', ['--watch-preserve-output', '--watch', 'apps/server/src/main.ts', 'start'], {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, KUMIKI_EDITOR_ADDRESS: 'http://127.0.0.1:5173' },
  }),
  spawn('npx', ['--no-install', 'vite', '--host', '127.0.0.1'], { cwd: `${root}/apps/editor`, stdio: 'inherit' }),
];

let stopping = false;
function stop(code: number) {
  if (stopping) return;
  stopping = true;
  for (const child of children) child.kill('SIGTERM');
  process.exitCode = code;
}

for (const child of children) child.on('exit', (code) => stop(code ?? 0));
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => stop(0));
