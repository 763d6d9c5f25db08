/** Kinds of personal data that are looked for by themselves. `own` is what a person adds. */
export const personalDataKinds = ['name', 'email', 'phone', 'address', 'card', 'myNumber', 'url', 'own'] as const;
export type PersonalDataKind = (typeof personalDataKinds)[number];

/** Where something stands in a text, and what makes it the same as another: `03-1234-5678` and `０３１２３４５６７８` are. */
export type FoundSpan = {
  readonly kind: PersonalDataKind;
  readonly start: number;
  readonly end: number;
  readonly identity: string;
  /** What its placeholder is called, for `own`. */
  readonly label?: string;
};
