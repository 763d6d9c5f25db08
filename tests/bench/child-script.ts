import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { z } from 'zod';

export type ChildScript<Told> = {
  readonly pid: number;
  /** What it said on its first line, from JSON. */
  readonly told: Told;
  /** From its start to that line. */
  readonly milliseconds: number;
  stop(): Promise<void>;
};

/** Runs a script of this folder as a process of its own, and waits for the one line of JSON that it says when ready. */
export async function startScript<Told>(
  name: string,
  options: object,
  schema: z.ZodType<Told>,
): Promise<ChildScript<Told>> {
  const began = performance.now();
  const script = fileURLToPath(new URL(name, import.meta.url));
  const child = spawn(process.execPath, [script, JSON.stringify(options)], { stdio: ['ignore', 'pipe', 'inherit'] });
  const exited = once(child, 'exit');
  const kill = () => child.kill('SIGKILL');
  // A bench that dies without ceremony must not leave it behind.
  process.once('exit', kill);
  const stop = async () => {
    kill();
    await exited;
    process.off('exit', kill);
  };
  try {
    const lines = createInterface({ input: child.stdout });
    const [line] = await Promise.race([
      once(lines, 'line'),
      exited.then(([code]) => {
        throw new Error(`${name} ended with code ${code} before it was ready`);
      }),
    ]);
    const milliseconds = performance.now() - began;
    return { pid: child.pid ?? 0, told: schema.parse(JSON.parse(line)), milliseconds, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** What such a script was started with. */
export function readScriptOptions<Options>(schema: z.ZodType<Options>): Options {
  return schema.parse(JSON.parse(process.argv[2] ?? ''));
}
