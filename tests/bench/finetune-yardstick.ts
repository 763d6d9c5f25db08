import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { ensureModel, smolLm2 } from '@kumiki/models';
import { cacheFolder } from '@kumiki/testkit/cache-folder';
import { openTrainerProgram } from '@kumiki/training';
import { z } from 'zod';
import type { BenchRow } from './bench.ts';

const steps = 14;
const rounds = 2;
const lowestSpeed = 0.95;
const highestMemory = 1.05;

const measuredSchema = z.object({ seconds: z.number(), processor: z.number(), peakMemory: z.number() });
/** What apps/trainer/bench/compare.py prints. */
const comparisonSchema = z.object({
  trainer: z.array(measuredSchema),
  bare: z.array(measuredSchema),
  steps: z.number(),
  stepsByProcessorTime: z.number(),
  memory: z.number(),
});
type Measured = z.infer<typeof measuredSchema>;

/** The trainer beside the same training in the least code, in turns, as the trainer's own bench measures it. */
export async function compareWithBare(log: (line: string) => void): Promise<readonly BenchRow[]> {
  const trainer = await openTrainerProgram({ cacheFolder: cacheFolder(), signal: new AbortController().signal });
  const base = await ensureModel(smolLm2, { folder: cacheFolder('models') });
  log(`the trainer and a bare script, ${steps} steps each, ${rounds} times in turn`);
  const { stdout } = await promisify(execFile)(
    trainer.program,
    ['-m', 'bench.compare', base, `${steps}`, `${rounds}`],
    { env: { ...process.env, ...trainer.environment, OMP_NUM_THREADS: '1' }, maxBuffer: 1e8 },
  );
  const compared = comparisonSchema.parse(JSON.parse(stdout));
  const least = (of: readonly Measured[], figure: keyof Measured) => Math.min(...of.map((one) => one[figure]));
  return [
    {
      figure: 'training, smallest model',
      value: 1 / least(compared.trainer, 'seconds'),
      unit: 'steps/s',
      yardstick: { name: 'a bare script of the same libraries', value: 1 / least(compared.bare, 'seconds') },
      ratio: compared.steps,
      target: `ratio >= ${lowestSpeed}`,
      met: compared.steps >= lowestSpeed,
    },
    {
      figure: 'processor time of a step',
      value: least(compared.trainer, 'processor'),
      unit: 's',
      yardstick: { name: 'the bare script', value: least(compared.bare, 'processor') },
      ratio: 1 / compared.stepsByProcessorTime,
      target: 'none',
      met: true,
    },
    {
      figure: 'peak memory of that training',
      value: least(compared.trainer, 'peakMemory') / 1e6,
      unit: 'MB',
      yardstick: { name: 'the bare script', value: least(compared.bare, 'peakMemory') / 1e6 },
      ratio: compared.memory,
      target: `ratio <= ${highestMemory}`,
      met: compared.memory <= highestMemory,
    },
  ];
}
