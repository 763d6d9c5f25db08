/** How far the fetching of one model is. `done` and `total` are bytes. */
export type ModelProgress = {
  readonly model: string;
  readonly step: 'checking' | 'downloading' | 'converting';
  /** Where it comes from: the hub's host name, or `package`; null while a file that is there is checked. */
  readonly from: string | null;
  readonly done: number;
  readonly total: number;
};

export type ReportModelProgress = (progress: ModelProgress) => void;
