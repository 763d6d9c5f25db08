import { KumikiError, type LeaseAnswer, type LeaseMark, type LeaseStore } from '@kumiki/node-sdk';
import { type Clock, systemClock } from './clock.ts';

const lookMilliseconds = 1_000;
const renewMilliseconds = 3_000;
/** So many looks in a row at a lease that did not change, and its holder is taken for silent. */
const silentLooks = 20;
/**
 * So many renewals in a row without an answer, and the holder gives the lease up itself. That is 12 s at most, well before
 * anybody else may take it: time for what it was working on to end.
 */
const unansweredRenewals = 3;

type LostListener = (reason: KumikiError) => void;

/** One user's part in the lease of its process. */
export type LeaseHold = {
  /** Calls back where the lease is lost before it is given back, with `gpu-lease-lost`. The result takes that back. */
  onLost(listener: LostListener): () => void;
  /** Rejects with `gpu-lease-lost` where it was no longer this process's: what was made meanwhile does not count. */
  release(): Promise<void>;
  /**
   * Of a user that was stopped: gives it back once its work has ended, and lets nobody else have it before. Work that does
   * not heed its signal is still at the GPU.
   */
  abandon(work: Promise<unknown>): void;
};

/** The right to the GPU of this machine, which all processes on one database ask for by the same name. */
export type MachineLease = {
  /**
   * Resolves once this process has the lease; its users share it until the last of them releases it. Rejects with the
   * signal's reason. Who has it elsewhere is waited for: until they release it, or have been silent for 20 s.
   */
  hold(signal: AbortSignal): Promise<LeaseHold>;
};

export type MachineLeaseOptions = {
  readonly leases: LeaseStore;
  readonly name: string;
  readonly holder: string;
  readonly clock?: Clock;
};

/**
 * Nothing here reads a clock: looks and renewals are counted. So it does not matter whether clocks agree, whether one is
 * moved, or how long a process was frozen; one that thaws finds out by its next renewal whether the lease is still its own.
 */
export function createMachineLease(options: MachineLeaseOptions): MachineLease {
  let period: LeasePeriod | null = null;
  return {
    async hold(signal) {
      for (;;) {
        if (period === null || period.isOver) period = new LeasePeriod(options);
        const { abandoned } = period;
        if (abandoned.size === 0) return await period.join(signal);
        await waitUnlessAborted(Promise.all(abandoned), signal);
      }
    },
  };
}

/** From the first user to the last. Goes from waiting to held, and from either to over: released, or lost. */
class LeasePeriod {
  /** Work of users that were stopped; none of these rejects. */
  readonly abandoned = new Set<Promise<void>>();
  readonly #options: Required<MachineLeaseOptions>;
  readonly #token: Promise<number>;
  readonly #listeners = new Set<LostListener>();
  #users = 0;
  #over = false;
  #lost: KumikiError | null = null;
  #cancelPause: (() => void) | null = null;

  constructor(options: MachineLeaseOptions) {
    this.#options = { clock: systemClock, ...options };
    this.#token = this.#take();
    // Whoever waits for it is told; after the last has left, nobody is.
    this.#token.then(
      (token) => this.#keep(token),
      () => this.#end(),
    );
  }

  get isOver(): boolean {
    return this.#over;
  }

  async join(signal: AbortSignal): Promise<LeaseHold> {
    this.#users += 1;
    let token: number;
    try {
      token = await waitUnlessAborted(this.#token, signal);
      if (this.#lost !== null) throw this.#lost;
    } catch (error) {
      this.#leave();
      throw error;
    }
    return this.#describeHold(token);
  }

  #describeHold(token: number): LeaseHold {
    const own = new Set<LostListener>();
    const stopListening = () => {
      for (const listener of own) this.#listeners.delete(listener);
      own.clear();
    };
    return {
      onLost: (listener) => {
        own.add(listener);
        this.#listeners.add(listener);
        const lost = this.#lost;
        // It may have been lost while its user still waited for something else. Never within this call: it has no result yet.
        if (lost !== null) queueMicrotask(() => own.has(listener) && listener(lost));
        return () => {
          own.delete(listener);
          this.#listeners.delete(listener);
        };
      },
      release: () => {
        stopListening();
        return this.#release(token);
      },
      abandon: (work) => {
        stopListening();
        this.#abandon(work, token);
      },
    };
  }

  /** Also before the lease is there: it is given back then. */
  #leave(): void {
    this.#users -= 1;
    if (this.#users > 0 || this.#over) return;
    this.#end();
    const { leases, name } = this.#options;
    // Where that fails, silence gives it back.
    this.#token.then((token) => leases.release({ name, token })).catch(() => undefined);
  }

  async #release(token: number): Promise<void> {
    const { leases, name } = this.#options;
    this.#users -= 1;
    if (this.#lost !== null) throw this.#lost;
    const isLast = this.#users === 0;
    if (isLast) this.#end();
    const wasHeld = await (isLast ? leases.release({ name, token }) : leases.renew({ name, token }));
    if (!wasHeld) throw this.#lose();
  }

  #abandon(work: Promise<unknown>, token: number): void {
    const end = () => {
      this.abandoned.delete(ended);
      // Nothing came of it, so that whether the lease was lost meanwhile, or cannot be given back, is no matter.
      this.#release(token).catch(() => undefined);
    };
    const ended: Promise<void> = work.then(end, end);
    this.abandoned.add(ended);
  }

  async #take(): Promise<number> {
    const { leases, name, holder } = this.#options;
    let seen: LeaseMark | null = null;
    for (let looks = 0; ; ) {
      const silent: LeaseMark | null = looks < silentLooks ? null : seen;
      const answer: LeaseAnswer | null = await leases.take({ name, holder, silent }).catch(ignoreOutage);
      if (answer?.state === 'taken') return answer.token;
      // While nobody can be asked nobody can renew either, so the silence of the holder counts from anew.
      const mark: LeaseMark | null = answer?.mark ?? null;
      looks = mark !== null && isSameMark(mark, seen) ? looks + 1 : 0;
      seen = mark;
      await this.#pause(lookMilliseconds);
    }
  }

  async #keep(token: number): Promise<void> {
    let unanswered = 0;
    let round = this.#pause(renewMilliseconds);
    while (unanswered < unansweredRenewals) {
      await round;
      round = this.#pause(renewMilliseconds);
      const isHeld = await Promise.race([this.#renew(token), round.then(() => null)]);
      if (this.#over) return;
      if (isHeld === false) break;
      unanswered = isHeld === true ? 0 : unanswered + 1;
    }
    this.#lose();
  }

  /** Null where the database does not answer. */
  #renew(token: number): Promise<boolean | null> {
    const { leases, name } = this.#options;
    return leases.renew({ name, token }).catch(() => null);
  }

  #lose(): KumikiError {
    this.#end();
    if (this.#lost !== null) return this.#lost;
    const reason = refuseLost();
    this.#lost = reason;
    for (const listener of [...this.#listeners]) listener(reason);
    return reason;
  }

  #end(): void {
    this.#over = true;
    this.#cancelPause?.();
  }

  /** Never comes back once the period is over: what waits then has nothing left to do. */
  #pause(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      if (!this.#over) this.#cancelPause = this.#options.clock.schedule(milliseconds, resolve);
    });
  }
}

function isSameMark(one: LeaseMark, other: LeaseMark | null): boolean {
  return one.token === other?.token && one.renewals === other.renewals;
}

function ignoreOutage(error: unknown): null {
  if (error instanceof KumikiError && error.retryable) return null;
  throw error;
}

function waitUnlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason);
    const stop = () => reject(signal.reason);
    signal.addEventListener('abort', stop, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });
}

function refuseLost(): KumikiError {
  return new KumikiError({
    code: 'gpu-lease-lost',
    status: 503,
    retryable: true,
    message: {
      en: 'This process lost the GPU of its machine, since it was frozen or cut off from the database for too long. What it was making there was thrown away; a build starts again by itself.',
      ja: 'プロセスの停止やデータベースとの接続断が長く続いたため、このマシンの GPU を使う権利を失いました。途中の結果は破棄しました。構築は自動的にやり直します。',
    },
  });
}
