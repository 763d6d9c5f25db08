import { KumikiError } from '@kumiki/node-sdk';
import type { ProblemDetails } from '../http/problem.ts';

/**
 * Exit codes that mean something: 1 something unexpected, 2 wrong usage, 3 what was asked cannot be done as it is
 * (a broken flow, an unknown file), 4 the run itself failed or was cancelled, 5 something is not available right now.
 */
export const exitCodes = { unexpected: 1, usage: 2, refused: 3, runFailed: 4, unavailable: 5 } as const;

/** An answer of the API that is a problem, on its way to the person at the command line. */
export class ProblemError extends Error {
  readonly problem: ProblemDetails;

  constructor(problem: ProblemDetails) {
    super(problem.detail);
    this.problem = problem;
  }
}

/** A run that ended otherwise than well. Its report has been shown, or is part of the JSON that was. */
export class RunFailedError extends ProblemError {}

export function chooseExitCode(error: unknown): number {
  if (error instanceof RunFailedError) return exitCodes.runFailed;
  const status =
    error instanceof ProblemError ? error.problem.status : error instanceof KumikiError ? error.status : null;
  if (status === null) return exitCodes.unexpected;
  if (status === 503) return exitCodes.unavailable;
  return status >= 500 && error instanceof ProblemError ? exitCodes.unexpected : exitCodes.refused;
}
