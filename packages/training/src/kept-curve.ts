import { createWriteStream, type WriteStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { finished } from 'node:stream/promises';
import type { Trained } from '@kumiki/node-sdk';
import { z } from 'zod';
import type { TrainerPoint } from './trainer-events.ts';

type CurvePoint = Trained['curve'][number];

/** As many as a chart can show. */
const keptPoints = 500;

const lineSchema = z.object({
  step: z.int(),
  loss: z.number().optional(),
  evaluationLoss: z.number().optional(),
});

/**
 * The losses of a training, kept in a file beside its checkpoints: a process that goes on with it finds those of the steps
 * that it does not do again, but for those that were told in the moment in which the other died. Close it before its folder goes.
 */
export class KeptCurve {
  readonly #points: Map<number, CurvePoint>;
  readonly #file: WriteStream;

  private constructor(points: Map<number, CurvePoint>, file: WriteStream) {
    this.#points = points;
    this.#file = file;
    // A curve is for people: a disk that is full is told by the checkpoints.
    file.on('error', () => undefined);
  }

  static async open(file: string): Promise<KeptCurve> {
    const text = await readFile(file, 'utf8').catch(() => '');
    const curve = new KeptCurve(new Map(), createWriteStream(file, { flags: 'a' }));
    for (const line of text.split('\n')) {
      const point = readLine(line);
      if (point !== null) curve.#put(point);
    }
    // The last line may have been cut in its middle.
    if (text !== '' && !text.endsWith('\n')) curve.#file.write('\n');
    return curve;
  }

  /** What came after the checkpoint that is gone on from is going to be told again. */
  goOnFrom(step: number): void {
    for (const told of this.#points.keys()) if (told > step) this.#points.delete(told);
  }

  add({ step, loss, evaluationLoss }: TrainerPoint): void {
    const point = {
      step,
      ...(loss !== undefined && { loss }),
      ...(evaluationLoss !== undefined && { evaluationLoss }),
    };
    this.#put(point);
    this.#file.write(`${JSON.stringify(point)}\n`);
  }

  /** Ascending; of a long one every so many steps, and all evaluations. */
  get points(): Trained['curve'] {
    const points = [...this.#points.values()].sort((one, other) => one.step - other.step);
    const every = Math.ceil(points.length / keptPoints);
    return points.filter(
      ({ evaluationLoss }, place) => evaluationLoss !== undefined || place % every === 0 || place === points.length - 1,
    );
  }

  async close(): Promise<void> {
    this.#file.end();
    await finished(this.#file).catch(() => undefined);
  }

  #put(point: CurvePoint): void {
    this.#points.set(point.step, { ...this.#points.get(point.step), ...point });
  }
}

function readLine(line: string): CurvePoint | null {
  try {
    const { step, loss, evaluationLoss } = lineSchema.parse(JSON.parse(line));
    return { step, ...(loss !== undefined && { loss }), ...(evaluationLoss !== undefined && { evaluationLoss }) };
  } catch {
    return null;
  }
}
