import type { HostName } from './host-errors.ts';
import { hostFailed } from './host-errors.ts';

/** The vector at length 1 (L2). Throws `model-host-failed` where it has no direction: a broken model file gives such. */
export function toUnitVector(values: readonly number[], host: HostName, model: string): Float32Array {
  let squares = 0;
  for (const value of values) squares += value * value;
  const length = Math.sqrt(squares);
  if (!(length > 0) || !Number.isFinite(length)) throw hostFailed(host, model, 'A vector without direction came back.');
  return Float32Array.from(values, (value) => value / length);
}
