/** How a lease looked: taking it and renewing it change this. */
export type LeaseMark = { readonly token: number; readonly renewals: number };

export type LeaseAnswer =
  /** `token` is greater than that of every holder before. */
  | { readonly state: 'taken'; readonly token: number }
  /** Somebody else has it. Null where they took it in this very moment. */
  | { readonly state: 'held'; readonly mark: LeaseMark | null };

/**
 * Leases that all processes on one database see. It measures no time: whoever waits for a lease watches it, and judges by
 * what did not change. Each call is one statement, and throws `database-down` (retryable) where that could not be asked.
 */
export interface LeaseStore {
  /**
   * Takes a lease that nobody has, or one whose holder is silent: `silent` is how that one's lease looked for so long that
   * it counts as given up, and it is only taken while it still looks so. `holder` is for people who wonder who has it.
   */
  take(lease: {
    readonly name: string;
    readonly holder: string;
    readonly silent: LeaseMark | null;
  }): Promise<LeaseAnswer>;
  /** Shows that the holder is alive. False where it has lost the lease. */
  renew(lease: { readonly name: string; readonly token: number }): Promise<boolean>;
  /** False where the holder had lost it before. */
  release(lease: { readonly name: string; readonly token: number }): Promise<boolean>;
}
