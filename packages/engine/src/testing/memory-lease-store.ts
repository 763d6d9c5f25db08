import { KumikiError, type LeaseAnswer, type LeaseMark, type LeaseStore } from '@kumiki/node-sdk';

type Row = { holder: string | null; token: number; renewals: number };

/** Leases in memory, whose calls can be made to fail or to hang. */
export class MemoryLeaseStore implements LeaseStore {
  readonly rows = new Map<string, Row>();
  /** `down`: every call is refused. `deaf`: none comes back. */
  state: 'up' | 'down' | 'deaf' = 'up';

  async take({
    name,
    holder,
    silent,
  }: {
    readonly name: string;
    readonly holder: string;
    readonly silent: LeaseMark | null;
  }): Promise<LeaseAnswer> {
    await this.#answer();
    const row = this.rows.get(name) ?? { holder: null, token: 0, renewals: 0 };
    const isSilent = silent !== null && silent.token === row.token && silent.renewals === row.renewals;
    if (row.holder !== null && !isSilent) {
      return { state: 'held', mark: { token: row.token, renewals: row.renewals } };
    }
    const token = row.token + 1;
    this.rows.set(name, { holder, token, renewals: 0 });
    return { state: 'taken', token };
  }

  async renew({ name, token }: { readonly name: string; readonly token: number }): Promise<boolean> {
    await this.#answer();
    const row = this.#findHeld(name, token);
    if (row !== null) row.renewals += 1;
    return row !== null;
  }

  async release({ name, token }: { readonly name: string; readonly token: number }): Promise<boolean> {
    await this.#answer();
    const row = this.#findHeld(name, token);
    if (row !== null) row.holder = null;
    return row !== null;
  }

  #findHeld(name: string, token: number): Row | null {
    const row = this.rows.get(name);
    return row?.holder != null && row.token === token ? row : null;
  }

  async #answer(): Promise<void> {
    if (this.state === 'deaf') await new Promise(() => undefined);
    if (this.state === 'up') return;
    throw new KumikiError({ code: 'database-down', message: { en: 'Down.', ja: '停止中。' }, retryable: true });
  }
}
