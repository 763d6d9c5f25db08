import type { Work } from '@kumiki/node-sdk';
import { addUpWork, readOwnWork, subtractWork } from '../models/work.ts';
import type { Arm } from './arms.ts';
import type { ExperimentJob } from './run-experiment.ts';

/**
 * Does something, and tells what this process and the models of an arm worked meanwhile. Whatever else they do in that time
 * is counted too: an experiment asks one question at a time, and others may not.
 */
export async function measureWork<Result>(
  { parts, at, signal }: ExperimentJob,
  { models }: Pick<Arm, 'models'>,
  does: () => Promise<Result>,
): Promise<{ readonly result: Result; readonly work: Work }> {
  const hosts = new Set(models.map(({ host }) => host));
  const read = async () => addUpWork([readOwnWork(), await parts.findWork(at.workspace, hosts, signal)]);
  const before = await read();
  const result = await does();
  return { result, work: subtractWork(await read(), before) };
}
