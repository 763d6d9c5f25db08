/**
 * Speaks the trainer's protocol without training anything: a test says in the environment what it does. Started by Node as
 * a program of its own, so that ends, kills and closed inputs are real.
 *
 * FAKE_TRAINER: JSON of `FakeBehaviour`.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as wait } from 'node:timers/promises';

export type FakeBehaviour = {
  /** Steps of a training; 4 unless said. */
  readonly steps?: number;
  readonly stepMilliseconds?: number;
  /** Ends with this code, after an error event with this text. */
  readonly fail?: { readonly code: number; readonly error: string; readonly name?: string };
  /** Goes on although its input has closed. */
  readonly deaf?: boolean;
  /** Says this line as it is. */
  readonly say?: string;
  /** Appends a line for each start and each end of its own to this file. */
  readonly log?: string;
};

type Job = {
  readonly work: string;
  readonly output: string;
  readonly train: string;
  readonly evaluation?: string;
  readonly adapter?: string;
  readonly baseFile?: string;
  readonly samplePrompts?: readonly unknown[];
  readonly rows?: string;
  readonly maximumLength?: number;
};

type Row = {
  readonly id: string;
  readonly messages: readonly { readonly role: string; readonly content: string }[];
  readonly trained: readonly number[];
};

const behaviour: FakeBehaviour = JSON.parse(process.env.FAKE_TRAINER ?? '{}');
const [command = '', jobFile = ''] = process.argv.slice(2);
const job: Job = JSON.parse(readFileSync(jobFile, 'utf8'));
let stopAsked = false;

const lines = createInterface({ input: process.stdin });
lines.on('line', (line) => {
  if (line === 'stop') stopAsked = true;
});
lines.on('close', () => {
  if (behaviour.deaf !== true) process.exit(10);
});

// Whoever was to read it may be gone in this very moment.
process.stdout.on('error', () => undefined);

function tell(event: string, fields: object = {}): void {
  process.stdout.write(`${JSON.stringify({ event, ...fields })}\n`);
}

async function train(): Promise<void> {
  const { steps = 4, stepMilliseconds = 1 } = behaviour;
  const checkpoint = path.join(job.work, 'checkpoint.json');
  const resumedFrom = existsSync(checkpoint) ? JSON.parse(readFileSync(checkpoint, 'utf8')).step : 0;
  const count = (file?: string) => (file === undefined ? 0 : readFileSync(file, 'utf8').trim().split('\n').length);
  const learnt = createHash('sha256').update(readFileSync(job.train)).digest('hex');
  tell('state', { state: 'preparing', share: null });
  tell('plan', {
    steps,
    resumedFrom,
    rows: { train: count(job.train), evaluation: count(job.evaluation) },
    tokens: { train: 1_000, trained: 400 },
    device: 'cpu',
    precision: 'float32',
  });
  let step = resumedFrom;
  while (step < steps && !stopAsked) {
    await wait(stepMilliseconds);
    step += 1;
    tell('point', { step, loss: 2 / step, learningRate: 1e-4, tokensPerSecond: 100, remainingSeconds: steps - step });
    mkdirSync(job.work, { recursive: true });
    writeFileSync(`${checkpoint}.new`, JSON.stringify({ step }));
    renameSync(`${checkpoint}.new`, checkpoint);
  }
  tell('point', { step, evaluationLoss: 1 / step });
  tell('samples', { step, answers: (job.samplePrompts ?? []).map(() => 'はい') });
  rmSync(job.output, { recursive: true, force: true });
  mkdirSync(job.output, { recursive: true });
  writeFileSync(path.join(job.output, 'adapter_config.json'), JSON.stringify({ peft_type: 'LORA', r: 16 }));
  writeFileSync(path.join(job.output, 'adapter_model.safetensors'), `weights of ${learnt}`);
  tell('end', {
    steps: step,
    stopped: stopAsked ? 'asked' : 'complete',
    evaluationLoss: { before: 3, best: 1 / step, step },
    seconds: 1,
    processorSeconds: 2,
    deviceSeconds: 0,
    peakMemory: 1_000,
    output: job.output,
  });
}

/** Words for tokens; rows are left out by their length in words. */
function preview(): void {
  const rows: readonly Row[] = readFileSync(job.rows ?? '', 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  for (const { id, messages, trained } of rows) {
    const tokens = messages.flatMap(({ role, content }, place) =>
      `<${role}> ${content}`
        .split(/(?<= )/)
        .map((text, word) => ({ id: word, text, trained: word > 0 && trained.includes(place) })),
    );
    if (tokens.length > (job.maximumLength ?? 0)) tell('row-left-out', { id, reason: 'too-long' });
    else tell('row', { id, tokens });
  }
  tell('end', { rows: rows.length });
}

function convert(): void {
  const adapter = readFileSync(path.join(job.adapter ?? '', 'adapter_model.safetensors'), 'utf8');
  writeFileSync(job.output, `GGUF ${command} of ${adapter} over ${job.baseFile}`);
  tell('end', { output: job.output, seconds: 0 });
}

const note = (line: string) => {
  if (behaviour.log !== undefined) writeFileSync(behaviour.log, `${line}\n`, { flag: 'a' });
};
note(command);
process.on('exit', (code) => note(`end ${code}`));
if (behaviour.say !== undefined) process.stdout.write(`${behaviour.say}\n`);
if (behaviour.fail !== undefined) {
  if (behaviour.fail.name !== undefined) tell('error', { code: behaviour.fail.name, detail: behaviour.fail.error });
  else process.stderr.write(behaviour.fail.error);
  process.exit(behaviour.fail.code);
}
if (command === 'train') await train();
else if (command === 'preview') preview();
else convert();
process.exit(0);
