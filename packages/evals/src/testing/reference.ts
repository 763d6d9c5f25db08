import reference from '../../fixtures/reference.json' with { type: 'json' };

/** What other libraries give; fixtures/make_fixtures.py says how it is made. */
export { reference };

/** Digits after the point for `toBeCloseTo`: an error under 5e-7. */
export const digits = 6;
