import { KumikiError } from '@kumiki/node-sdk';
import { expect, it } from 'vitest';
import { describeError } from './log.ts';

/** As the database layer throws it: the statement's values stand in the text, and in a field of their own. */
function failQuery(): Error {
  const cause = Object.assign(new Error('connection lost'), { code: 'ECONNRESET' });
  const error = new Error('Failed query: insert into runs values ($1)\nparams: 私の病気について', { cause });
  return Object.assign(error, { query: 'insert into runs values ($1)', params: ['私の病気について'] });
}

it('logs what went wrong and where, with its causes', () => {
  const error = new KumikiError({ code: 'outer', message: { en: 'Outer.', ja: '外。' }, cause: failQuery() });
  expect(describeError(error)).toMatchObject({
    name: 'KumikiError',
    code: 'outer',
    message: 'Outer.',
    stack: expect.arrayContaining([expect.stringContaining('log.test.ts')]),
    cause: { message: 'Failed query: insert into runs values ($1)', cause: { code: 'ECONNRESET' } },
  });
  expect(describeError('text')).toBe('text');
});

it('logs nothing of what people wrote', () => {
  expect(JSON.stringify(describeError(failQuery()))).not.toContain('病気');
});

it('comes to an end where an error is its own cause', () => {
  const error = new Error('round');
  error.cause = error;
  expect(JSON.stringify(describeError(error))).toContain('round');
});
