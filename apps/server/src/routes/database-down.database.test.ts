import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { openTestWorkbench, type TestWorkbench } from '../testing/open-test-workbench.ts';

let test: TestWorkbench;
beforeEach(async () => {
  test = await openTestWorkbench();
});
afterEach(() => test.close());

it('says to come back while the database is away, in either language of errors', async () => {
  const select = vi.spyOn(test.workbench.store.database, 'select').mockImplementation(() => {
    throw Object.assign(new Error('connect ECONNREFUSED 10.1.2.3:5432'), { code: 'ECONNREFUSED' });
  });
  const flows = await test.call('GET', '/api/flows');
  const models = await test.call('GET', '/v1/models');
  select.mockRestore();
  for (const { status, headers, body } of [flows, models]) {
    expect(status).toBe(503);
    expect(headers.get('retry-after')).toBe('5');
    expect(JSON.stringify(body)).not.toContain('10.1.2.3');
  }
  expect(flows.body.code).toBe('database-down');
  expect(models.body.error.code).toBe('database-down');
  expect((await test.call('GET', '/api/flows')).status).toBe(200);
});
