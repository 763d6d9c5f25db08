/** Brings what real tests need and a clone cannot carry: a browser, a Postgres, model servers, models. */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

export type AbsentPart = { readonly part: string; readonly reason: string };

/** Prepares the machine, printing progress. Throws with the command that fixes it where something cannot be had. */
export async function prepareMachine(): Promise<readonly AbsentPart[]> {
  prepareBrowser();
  const { preparePostgres } = await import('@kumiki/testkit/postgres');
  await preparePostgres();
  const { prepareModelServers } = await import('@kumiki/testkit/model-servers');
  await prepareModelServers();
  return [{ part: 'tests/gpu', reason: 'needs an NVIDIA GPU; not yet run on hardware' }];
}

const browsers = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

function prepareBrowser(): void {
  const hasBrowser = browsers.some((browser) => existsSync(browser));
  const hasGlyphs = spawnSync('fc-list', [':lang=ja'], { encoding: 'utf8' }).stdout?.trim();
  if (hasBrowser && hasGlyphs) return;
  const command = 'apt-get update && apt-get install -y chromium fonts-noto-cjk fontconfig';
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) {
    throw new Error(
      `The browser tests need Chromium and a Japanese font. On Debian or Ubuntu: sudo sh -c '${command}'`,
    );
  }
  console.log(`Installing Chromium and a Japanese font (${command}) …`);
  execFileSync('sh', ['-c', command], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  });
}
