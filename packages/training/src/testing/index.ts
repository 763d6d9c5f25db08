import { fileURLToPath } from 'node:url';
import type { TrainerCommandLine } from '../trainer-process.ts';
import type { FakeBehaviour } from './fake-trainer.ts';

export type { FakeBehaviour } from './fake-trainer.ts';
export { tinyLlama, writeTinyGguf } from './tiny-gguf.ts';

/** Starts a program that speaks the trainer's protocol and trains nothing. */
export function fakeTrainer(behaviour: FakeBehaviour = {}): TrainerCommandLine {
  return {
    program: process.execPath,
    parameters: [fileURLToPath(new URL('./fake-trainer.ts', import.meta.url))],
    environment: { FAKE_TRAINER: JSON.stringify(behaviour) },
  };
}
export { scoreRows } from './score-rows.ts';
export { measureServedLoss } from './served-loss.ts';
