import type { FlowDocument } from '@kumiki/flow';
import { buildFlowDocument } from '@kumiki/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestWorkbench, type TestWorkbench } from '../testing/open-test-workbench.ts';
import { drawPassThrough, drawRag } from '../testing/sample-flows.ts';

let test: TestWorkbench;
beforeAll(async () => {
  test = await openTestWorkbench();
});
afterAll(() => test.close());

/** Gives the flow's id; its version is the first. */
async function freeze(document: FlowDocument): Promise<string> {
  const { id } = (await test.call('POST', '/api/flows', { document })).body;
  await test.call('POST', `/api/flows/${id}/versions`, { revision: 1 });
  return id;
}

function drawCaller(flow: string) {
  return buildFlowDocument('Caller')
    .node('asked', 'input', { name: 'asked' })
    .node('help', 'logic/subflow', { flow, version: 1 })
    .node('reply', 'output', { name: 'reply' })
    .wire('asked.value', 'help.question')
    .wire('help.value', 'reply.value');
}

async function ask(flow: string, inputs: object) {
  const started = await test.call('POST', `/api/flows/${flow}/runs`, { inputs });
  expect(started.status).toBe(202);
  const events = await test.followRun(started.body.id);
  return { events, run: (await test.call('GET', `/api/runs/${started.body.id}`)).body };
}

describe('a flow that names another', () => {
  it('builds what that needs, finds what was built there, and answers with it', async () => {
    const collection = (await test.call('POST', '/api/collections', { name: '資料' })).body.id;
    const upload = await test.fetch(`/api/collections/${collection}/files/faq.md`, {
      method: 'PUT',
      body: '# 窓口\n\n窓口は平日の九時から開いています。',
    });
    expect(upload.status).toBeLessThan(300);
    const inner = await freeze(drawRag(collection));
    const alone = await test.call('POST', `/api/flows/${inner}/builds`, {});
    await test.followRun(alone.body.run);

    const outer = (await test.call('POST', '/api/flows', { document: drawCaller(inner).build() })).body.id;
    const built = await test.call('POST', `/api/flows/${outer}/builds`, {});
    expect(built.status).toBe(202);
    const told = await test.followRun(built.body.run);
    expect(told).toContainEqual(
      expect.objectContaining({ event: expect.objectContaining({ node: 'help/index', state: 'reused' }) }),
    );
    const { body: build } = await test.call('GET', `/api/flows/${outer}/builds/1`);
    expect(build.artifacts.map(({ node }: { node: string }) => node)).toContain('help/index');
    expect(build.models.map(({ node }: { node: string }) => node)).toContain('help/embedder');

    test.host.script('九時からです。');
    const { run } = await ask(outer, { asked: '窓口は何時から？' });
    expect(run.outputs.reply).toMatchObject({ state: 'answered', value: '九時からです。' });
  });

  it('answers a list item by item, in its order', async () => {
    const inner = await freeze(drawPassThrough('Echo'));
    const document = buildFlowDocument('Each')
      .node('list', 'input', { name: 'list', kind: 'json' })
      .node('each', 'logic/map', { flow: inner, version: 1, onError: 'skip' })
      .node('reply', 'output', { name: 'reply' })
      .wire('list.value', 'each.items')
      .wire('each.results', 'reply.value')
      .build();
    const { id } = (await test.call('POST', '/api/flows', { document })).body;
    const { run, events } = await ask(id, { list: ['一', 2, '三'] });
    expect(run.outputs.reply.value).toEqual(['一', null, '三']);
    expect(JSON.stringify(events)).toContain('map-item-skipped');
    expect(events.some(({ event }) => 'node' in event && event.node === 'each/question')).toBe(true);
  });

  it('keeps the other from being deleted, until it is gone itself', async () => {
    const inner = await freeze(drawPassThrough('Inner'));
    const outer = (await test.call('POST', '/api/flows', { document: drawCaller(inner).build() })).body.id;
    const refused = await test.call('DELETE', `/api/flows/${inner}`);
    expect(refused).toMatchObject({ status: 409, body: { code: 'flow-in-use' } });
    expect(refused.body.detail).toContain('Caller');
    expect((await test.call('DELETE', `/api/flows/${outer}`)).status).toBe(204);
    expect((await test.call('DELETE', `/api/flows/${inner}`)).status).toBe(204);
  });

  it('is told where the version is not there, and where it comes back to itself', async () => {
    const { id } = (await test.call('POST', '/api/flows', { document: drawPassThrough() })).body;
    const check = async (flow: string) => {
      const { body } = await test.call('POST', '/api/flows/check', { document: drawCaller(flow).build() });
      return body.problems.map((problem: { code: string }) => problem.code);
    };
    expect(await check('no id at all')).toContain('unknown-flow-version');
    expect(await check(id)).toContain('unknown-flow-version');
    // Its first version names the first version of itself.
    const itself = drawCaller(id).build();
    await test.call('PUT', `/api/flows/${id}`, { document: itself }, { 'if-match': '"1"' });
    await test.call('POST', `/api/flows/${id}/versions`, { revision: 2 });
    expect(await check(id)).toContain('recursive-flow');
    const build = await test.call('POST', `/api/flows/${id}/builds`, {});
    expect(build).toMatchObject({ status: 422, body: { code: 'flow-invalid', node: 'help' } });
  });
});
