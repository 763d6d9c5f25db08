/** Whether somebody still waits for an answer. */
export type CallerPresence = {
  /** Aborts when the caller leaves, and when the process stops. */
  readonly signal: AbortSignal;
  /** Where it is seen elsewhere that the caller has left. */
  leave(reason: unknown): void;
  /** Hands on what is asked, and lets go of the process's own signal when it is answered or has failed. */
  during<Asked extends { readonly answer: Promise<unknown> }>(asking: Promise<Asked>): Promise<Asked>;
};

/**
 * Follows two signals by listeners of its own: AbortSignal.any took 3% of a short request, and left behind at `closing`
 * what only the garbage collector takes away.
 */
export function watchCaller(request: AbortSignal, closing: AbortSignal): CallerPresence {
  const controller = new AbortController();
  const onGone = () => controller.abort(request.reason);
  const onClosing = () => controller.abort(closing.reason);
  if (closing.aborted) onClosing();
  else if (request.aborted) onGone();
  request.addEventListener('abort', onGone, { once: true });
  closing.addEventListener('abort', onClosing, { once: true });
  // It outlives every request, so nothing of one may stay with it.
  const letGo = () => closing.removeEventListener('abort', onClosing);
  return {
    signal: controller.signal,
    leave: (reason) => controller.abort(reason),
    during(asking) {
      asking.then(({ answer }) => answer.then(letGo, letGo), letGo);
      return asking;
    },
  };
}
