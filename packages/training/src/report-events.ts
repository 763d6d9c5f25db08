import type { TrainingPoint, TrainingReport } from '@kumiki/node-sdk';
import type { TrainerEvent, TrainerPoint } from './trainer-events.ts';

/** Short enough for an eye, long enough that quick steps do not make a row in the database each. */
const gatherMilliseconds = 200;

/** Hands on what the trainer says: points are gathered for a moment, all else goes at once and after the points before it. */
export class EventReporter {
  readonly #report: (report: TrainingReport) => void;
  #points: TrainingPoint[] = [];
  #remainingSeconds: number | null = null;
  #timer: NodeJS.Timeout | null = null;

  constructor(report: (report: TrainingReport) => void) {
    this.#report = report;
  }

  tell(event: TrainerEvent): void {
    if (event.event === 'point') {
      this.#gather(event);
      return;
    }
    this.flush();
    const report = describeEvent(event);
    if (report !== null) this.#report(report);
  }

  flush(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    if (this.#points.length === 0) return;
    const points = this.#points;
    this.#points = [];
    this.#report({ type: 'points', points, remainingSeconds: this.#remainingSeconds });
  }

  #gather({ event: _, remainingSeconds, ...measured }: TrainerPoint): void {
    this.#points.push(dropUnmeasured(measured));
    if (remainingSeconds != null) this.#remainingSeconds = remainingSeconds;
    this.#timer ??= setTimeout(() => this.flush(), gatherMilliseconds);
  }
}

function dropUnmeasured(point: Omit<TrainerPoint, 'event' | 'remainingSeconds'>): TrainingPoint {
  const { step, ...rest } = point;
  return { step, ...Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined)) };
}

function describeEvent(event: Exclude<TrainerEvent, { event: 'point' }>): TrainingReport | null {
  switch (event.event) {
    case 'state':
      return { type: 'state', state: event.state, share: event.share };
    case 'plan':
      return { type: 'plan', steps: event.steps, resumedFrom: event.resumedFrom, rows: event.rows };
    case 'samples':
      return { type: 'samples', step: event.step, answers: event.answers };
    case 'row-left-out':
      return { type: 'row-left-out', id: event.id, reason: event.reason };
    case 'row':
    case 'checkpoint':
    case 'end':
    case 'error':
      return null;
  }
}
