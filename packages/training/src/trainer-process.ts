import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { type TrainerEnd, type TrainerEvent, trainerEventSchema } from './trainer-events.ts';
import { describeTrainerFailure, installFailed, protocolBroken } from './training-errors.ts';

/** How the trainer is started; a test starts another program that speaks the same protocol. */
export type TrainerCommandLine = {
  readonly program: string;
  readonly parameters: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
};

/** A training on several GPUs is one process for each, started by torch's own program. Not yet run on hardware. */
export function spreadTraining(
  { program, parameters, environment }: TrainerCommandLine,
  { device, devices }: { readonly device: 'cpu' | 'cuda'; readonly devices: number },
): TrainerCommandLine {
  if (device === 'cpu' || devices === 1) return { program, parameters, environment };
  const starter = ['-m', 'torch.distributed.run', '--standalone', `--nproc-per-node=${devices}`];
  return { program, parameters: [...starter, ...parameters], environment };
}

export type TrainerCommand = 'inspect' | 'preview' | 'train' | 'score' | 'to-gguf' | 'merge';

export type TrainerCall = {
  readonly command: TrainerCommand;
  /** Path of the job's JSON file. */
  readonly job: string;
  readonly onEvent?: (event: TrainerEvent) => void;
  /** Aborting ends the trainer within a second. */
  readonly signal: AbortSignal;
  /** Aborting asks it to end with the best checkpoint. */
  readonly stop?: AbortSignal;
};

const keptCharacters = 8_000;
/** How long a trainer that was told to end may take, before it is ended. */
const patienceMilliseconds = 400;
/** Shorter than what a trainer waits before it takes a silent parent for a frozen one (12 s). */
const heartbeatMilliseconds = 3_000;

/**
 * Runs one command of the trainer. It lives no longer than this process, since its standard input closes then, and shows
 * by a line every few seconds that this process is not frozen. Resolves with its last event. Rejects with the signal's
 * reason once it has really ended, so that whoever waits for the GPU does not get it too soon; else with the KumikiError
 * that its exit code stands for.
 */
export async function runTrainer({ program, parameters, environment }: TrainerCommandLine, call: TrainerCall) {
  const { command, job, onEvent = () => undefined, signal, stop } = call;
  signal.throwIfAborted();
  const child = spawn(program, [...parameters, command, job], {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...process.env, ...environment },
    // A group of its own: training on several devices has children, which have to end with it.
    detached: process.platform !== 'win32',
  });
  const ended = waitForEnd(child);
  const end = () => endTrainer(child, ended);
  const ask = () => writeLine(child, 'stop');
  signal.addEventListener('abort', end, { once: true });
  stop?.addEventListener('abort', ask, { once: true });
  if (stop?.aborted === true) ask();
  const heartbeat = setInterval(() => writeLine(child, 'alive'), heartbeatMilliseconds);
  // It may be gone before it has read all that it was told.
  child.stdin.on('error', () => undefined);
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said = `${said}${text}`.slice(-keptCharacters);
  });
  let last: TrainerEnd | null = null;
  let failure: string | null = null;
  try {
    for await (const line of createInterface({ input: child.stdout })) {
      const event = readEvent(line);
      if (event === null) continue;
      if (event.event === 'end') last = event;
      if (event.event === 'error') {
        failure = event.code;
        said = `${said}\n${event.code}: ${event.detail}`;
      }
      if (!signal.aborted) onEvent(event);
    }
    const code = await ended;
    signal.throwIfAborted();
    if (code !== 0) throw describeTrainerFailure({ exitCode: code, name: failure, said });
    if (last === null) throw protocolBroken('it ended without an end event');
    return last;
  } finally {
    clearInterval(heartbeat);
    signal.removeEventListener('abort', end);
    stop?.removeEventListener('abort', ask);
    await endTrainer(child, ended);
  }
}

/** Null for what is no event: a library may print what it likes. Throws where an event is not as it was agreed. */
function readEvent(line: string): TrainerEvent | null {
  const value = parseJson(line);
  if (typeof value !== 'object' || value === null || !('event' in value)) return null;
  const parsed = trainerEventSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const isKnown = trainerEventSchema.options.some(({ shape }) => shape.event.value === value.event);
  if (isKnown) throw protocolBroken(`${line}: ${parsed.error.message}`);
  return null;
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}

function writeLine(child: ChildProcess, line: string): void {
  if (child.stdin?.writable === true) child.stdin.write(`${line}\n`);
}

function waitForEnd(child: ChildProcess): Promise<number | null> {
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('error', (error) => reject(installFailed(`the trainer did not start: ${error.message}`)));
    child.once('close', resolve);
  });
  ended.catch(() => undefined);
  return ended;
}

/** Its input closes, at which it ends by itself and leaves what it keeps whole; what does not heed that is killed. */
async function endTrainer(child: ChildProcess, ended: Promise<number | null>): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  child.stdin?.end();
  const timer = setTimeout(() => killGroup(child), patienceMilliseconds);
  await ended.catch(() => undefined);
  clearTimeout(timer);
}

function killGroup({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    process.kill(process.platform === 'win32' ? pid : -pid, 'SIGKILL');
  } catch {
    // It ended in this very moment.
  }
}
