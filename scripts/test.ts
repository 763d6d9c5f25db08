/**
 * `npm test`: prepares what real tests need, runs every vitest project, and closes with one line that counts.
 * `--long` runs the long tests instead. What a machine cannot have is listed at the end with its reason.
 */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { TestModule } from 'vitest/node';
import { startVitest } from 'vitest/node';
import { type AbsentPart, prepareMachine } from './prepare-machine.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const long = process.argv.includes('--long');
const filters = process.argv.slice(2).filter((parameter) => !parameter.startsWith('--'));

const absent = await prepareMachine();

const checked = long || filters.length > 0 || checkTypesAndStyle();

const vitest = await startVitest('test', filters, {
  root,
  run: true,
  watch: false,
  project: long ? ['long'] : ['!long'],
  reporters: process.env.CI === undefined ? ['default'] : [['default', { summary: false }]],
});

const modules = vitest.state.getTestModules();
const counts = countTests(modules);
const failedModules = modules.filter((module) => module.state() === 'failed' && module.errors().length > 0).length;
const failed = counts.failed + failedModules + (checked ? 0 : 1);
if (!checked) console.log('\nTypes or style failed: see the lines at the top, or run `npm run check`.');

console.log('\nSkipped parts:');
for (const { part, reason } of [...absent, ...listSkipped(modules)]) console.log(`- ${part}: ${reason}`);
console.log(`\n${counts.passed} passed, ${failed} failed, ${counts.skipped + absent.length} skipped`);

await vitest.close();
process.exit(failed > 0 || counts.passed === 0 || vitest.state.getUnhandledErrors().length > 0 ? 1 : 0);

function checkTypesAndStyle(): boolean {
  console.log('Checking types and style …');
  const { status } = spawnSync(
    'npx',
    ['--no-install', 'turbo', 'run', '//#lint', '//#types', 'types', '--output-logs=errors-only'],
    {
      cwd: root,
      stdio: 'inherit',
      env: { ...process.env, TURBO_TELEMETRY_DISABLED: '1', TURBO_NO_UPDATE_NOTIFIER: '1' },
    },
  );
  return status === 0;
}

function countTests(testModules: readonly TestModule[]) {
  const result = { passed: 0, failed: 0, skipped: 0 };
  for (const module of testModules) {
    for (const test of module.children.allTests()) {
      const { state } = test.result();
      if (state === 'passed' || state === 'failed' || state === 'skipped') result[state] += 1;
    }
  }
  return result;
}

/** A test that is about one kind of database says so itself, and runs in the project of that one. */
function listSkipped(testModules: readonly TestModule[]): readonly AbsentPart[] {
  const elsewhere = new Map([
    ['database-embedded', 'about what a database server does, and run there'],
    ['database-postgres', 'about the embedded database, and run there'],
  ]);
  return testModules.flatMap((module) => {
    const names = [...module.children.allTests('skipped')].map(({ fullName }) => fullName);
    if (names.length === 0) return [];
    const reason = elsewhere.get(module.project.name);
    const file = `${module.relativeModuleId} (${module.project.name})`;
    return reason === undefined
      ? names.map((name) => ({ part: `${file}: ${name}`, reason: 'skipped by the test itself' }))
      : [{ part: `${names.length === 1 ? 'one test' : `${names.length} tests`} of ${file}`, reason }];
  });
}
