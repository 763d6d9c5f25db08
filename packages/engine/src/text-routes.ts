import type { Passage, PortValue, TextFilter } from '@kumiki/node-sdk';
import type { PlannedNode } from './plan.ts';

/** Where an output's text goes; `passages` is asked when the first text arrives. */
export type TextRoute = {
  readonly arm: string;
  readonly output: PlannedNode;
  readonly passages: () => readonly Passage[] | null;
  readonly send: (text: string) => void;
};

/** Carries a node's text to one arm, through the output's filter. */
export class TextChannel {
  readonly #route: TextRoute;
  #filter: TextFilter | null = null;

  constructor(route: TextRoute) {
    this.#route = route;
  }

  push(delta: string): void {
    this.#filter ??= this.#openFilter();
    this.#send(this.#filter.push(delta));
  }

  flush(): void {
    if (this.#filter !== null) this.#send(this.#filter.flush());
  }

  #openFilter(): TextFilter {
    const { output, passages } = this.#route;
    const { filterText } = output.type;
    return filterText === null ? plainText : filterText({ settings: output.settings, passages: passages() });
  }

  #send(text: string): void {
    if (text !== '') this.#route.send(text);
  }
}

const plainText: TextFilter = { push: (delta) => delta, flush: () => '' };

/** The passages among the values that reached an output, where they have already. */
export function findPassages(
  inputs: Iterable<{ kind: string; value: PortValue | undefined }>,
): readonly Passage[] | null {
  for (const { kind, value } of inputs) {
    // A `passages` port carries passages and nothing else: the checks have made sure of the wire.
    if (kind === 'passages' && value !== undefined) return value as readonly Passage[];
  }
  return null;
}
