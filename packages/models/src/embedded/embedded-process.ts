import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type {
  AdapterFile,
  LoadedModel,
  WorkerCall,
  WorkerFailure,
  WorkerMessage,
  WorkerResults,
  WorkerStart,
} from './protocol.ts';

/** How a call ended that did not succeed. `ended` means that the process is gone. */
export type CallFailure = {
  readonly failure: WorkerFailure | 'ended';
  readonly said: string;
};

export class CallError extends Error {
  readonly failure: CallFailure['failure'];

  constructor({ failure, said }: CallFailure) {
    super(said);
    this.failure = failure;
  }
}

type OpenCall = {
  readonly resolve: (result: WorkerResults[keyof WorkerResults]) => void;
  readonly reject: (error: unknown) => void;
  readonly onDelta: (text: string) => void;
};

/** llama.cpp keeps every adapter that it has met for as long as its model is loaded. */
const adapterLimit = 16;

type NewCall = WorkerCall extends infer Call ? (Call extends { type: 'abort' } ? never : Omit<Call, 'id'>) : never;

export type ProcessOptions = WorkerStart & {
  /** After so long without a call the process ends and gives all its memory back. */
  readonly unloadMilliseconds: number;
};

/**
 * One process with one loaded model. It starts, is ready, and ends: by `close`, after a long time without calls, or by
 * itself when native code crashes, or once it has met more adapters than it should keep. Then every open call is rejected with a `CallError` of `ended`, and so is every later one.
 */
export class EmbeddedProcess {
  readonly model: LoadedModel;
  readonly #child: ChildProcess;
  readonly #calls = new Map<number, OpenCall>();
  readonly #said: () => string;
  /** Digests of what it was asked to load. */
  readonly #adapters = new Set<string>();
  #nextId = 1;
  #ended = false;
  #lastUse = performance.now();
  readonly #unloadMilliseconds: number;
  #unloading: NodeJS.Timeout | undefined;

  private constructor(child: ChildProcess, model: LoadedModel, unloadMilliseconds: number, said: () => string) {
    this.#child = child;
    this.model = model;
    this.#unloadMilliseconds = unloadMilliseconds;
    this.#said = said;
    this.#unloadWhenIdle();
    child.on('message', (message: WorkerMessage) => this.#receive(message));
    child.on('exit', (code, signal) => this.#end(code, signal));
  }

  /** Starts the process and loads the model. Rejects with a `CallError`. */
  static start({ unloadMilliseconds, ...options }: ProcessOptions, signal: AbortSignal): Promise<EmbeddedProcess> {
    const program = fileURLToPath(new URL('./embedded-worker.ts', import.meta.url));
    const child = fork(program, [JSON.stringify(options)], {
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      execArgv: [],
    });
    // Every way to fail ends in `exit` or in the callback of `send`; an error nobody listens to would end this process.
    child.on('error', () => undefined);
    let said = '';
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      said = `${said}${text}`.slice(-2000);
    });
    return new Promise((resolve, reject) => {
      const stop = (): void => {
        child.kill('SIGKILL');
        reject(signal.reason);
      };
      const fail = (failure: CallFailure): void => {
        settle();
        child.kill('SIGKILL');
        reject(new CallError(failure));
      };
      const onExit = (code: number | null, by: string | null): void =>
        fail({ failure: 'ended', said: describeEnd(code, by, said) });
      const onError = (error: Error): void => fail({ failure: 'failed', said: error.message });
      const onMessage = (message: WorkerMessage): void => {
        if (message.type === 'ready') {
          settle();
          resolve(new EmbeddedProcess(child, message.model, unloadMilliseconds, () => said));
        } else if (message.type === 'start-failure') fail(message);
      };
      const settle = (): void => {
        signal.removeEventListener('abort', stop);
        child.off('exit', onExit).off('error', onError).off('message', onMessage);
      };
      child.on('exit', onExit).on('error', onError).on('message', onMessage);
      if (signal.aborted) stop();
      else signal.addEventListener('abort', stop);
    });
  }

  get ended(): boolean {
    return this.#ended;
  }

  embed(texts: readonly string[], signal: AbortSignal): Promise<WorkerResults['embed']> {
    return this.#call<'embed'>({ type: 'embed', texts }, signal);
  }

  count(texts: readonly string[], signal: AbortSignal): Promise<WorkerResults['count']> {
    return this.#call<'count'>({ type: 'count', texts }, signal);
  }

  chat(
    wanted: {
      readonly request: Extract<WorkerCall, { type: 'chat' }>['request'];
      readonly adapter: AdapterFile | null;
    },
    onDelta: (text: string) => void,
    signal: AbortSignal,
  ): Promise<WorkerResults['chat']> {
    if (wanted.adapter !== null) this.#adapters.add(wanted.adapter.digest);
    return this.#call<'chat'>({ type: 'chat', ...wanted }, signal, onDelta);
  }

  measure(signal: AbortSignal): Promise<WorkerResults['measure']> {
    return this.#call<'measure'>({ type: 'measure' }, signal);
  }

  /** Ends the process where nobody waits for it. */
  closeIfIdle(): Promise<void> {
    if (this.#calls.size > 0) return Promise.resolve();
    this.#ended = true;
    return this.close();
  }

  /** Ends the process and waits until it is gone. */
  async close(): Promise<void> {
    clearTimeout(this.#unloading);
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const gone = new Promise((resolve) => this.#child.once('exit', resolve));
    this.#child.kill('SIGKILL');
    await gone;
  }

  #call<Type extends keyof WorkerResults>(
    call: NewCall,
    signal: AbortSignal,
    onDelta: (text: string) => void = () => undefined,
  ): Promise<WorkerResults[Type]> {
    const id = this.#nextId;
    this.#nextId += 1;
    return new Promise((resolve, reject) => {
      if (signal.aborted) {
        reject(signal.reason);
        return;
      }
      if (this.#ended) {
        reject(new CallError({ failure: 'ended', said: 'The process has ended.' }));
        return;
      }
      const abort = (): void => {
        this.#send({ id, type: 'abort' });
        settle(() => reject(signal.reason));
      };
      const settle = (finish: () => void): void => {
        signal.removeEventListener('abort', abort);
        this.#calls.delete(id);
        // To measure it is not to use it.
        if (call.type !== 'measure') this.#lastUse = performance.now();
        this.#unloadWhenIdle();
        finish();
      };
      clearTimeout(this.#unloading);
      signal.addEventListener('abort', abort);
      this.#calls.set(id, {
        // The process answers a call by the result of its own type.
        resolve: (result) => settle(() => resolve(result as WorkerResults[Type])),
        reject: (error) => settle(() => reject(error)),
        onDelta,
      });
      this.#send({ id, ...call });
    });
  }

  /** From the moment at which it is to end it counts as ended, so that no call is sent to a process that goes. */
  #unloadWhenIdle(): void {
    clearTimeout(this.#unloading);
    if (this.#calls.size > 0 || this.#ended) return;
    const isFull = this.#adapters.size > adapterLimit;
    const wait = isFull ? 0 : Math.max(0, this.#lastUse + this.#unloadMilliseconds - performance.now());
    this.#unloading = setTimeout(() => {
      this.#ended = true;
      this.#child.kill('SIGKILL');
    }, wait);
    this.#unloading.unref();
  }

  #send(call: WorkerCall): void {
    // A channel that closed in this moment is followed by `exit`, which rejects the call.
    if (this.#child.connected) this.#child.send(call, () => undefined);
  }

  #receive(message: WorkerMessage): void {
    if (message.type === 'ready' || message.type === 'start-failure') return;
    // Absent: aborted here while its last words were on the way.
    const call = this.#calls.get(message.id);
    switch (message.type) {
      case 'delta':
        call?.onDelta(message.text);
        break;
      case 'result':
        call?.resolve(message.result);
        break;
      case 'failure':
        call?.reject(new CallError(message));
        break;
    }
  }

  #end(code: number | null, signal: string | null): void {
    this.#ended = true;
    clearTimeout(this.#unloading);
    const error = new CallError({ failure: 'ended', said: describeEnd(code, signal, this.#said()) });
    for (const call of [...this.#calls.values()]) call.reject(error);
  }
}

function describeEnd(code: number | null, signal: string | null, said: string): string {
  return `The process ended ${signal === null ? `with code ${code}` : `by ${signal}`}. ${said.trim()}`.trim();
}
