import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type FlowDocument, type FlowReference, formatFlow } from '@kumiki/flow';
import { buildFlowDocument } from '@kumiki/testkit';
import { makeTemporaryFolder } from '@kumiki/testkit/kumiki-process';
import {
  createFlow,
  type KumikiSession,
  type Problem,
  signInBy,
  unwrap,
  uploadCollection,
} from '@kumiki/testkit/kumiki-session';
import { type ScriptedModels, startScriptedModels } from '@kumiki/testkit/scripted-models';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CommandResult, runKumiki } from './command.ts';
import { expectBothLanguages, expectNoTrace } from './problems.ts';
import { arm, articles, makeRagFlow } from './rag-flow.ts';
import { openStage, type Stage } from './stage.ts';

const question = '年額プランの返金はいつまで受けられますか？';
const answer = '年額プランは、お申し込みから14日以内であれば全額を返金します。 [1]';
const ask = ['run', 'flow.json', '--input', `question=${question}`, '--json'];

/** A command that has to succeed: one JSON object on stdout, and not a word besides. */
function readResult({ code, stdout, stderr }: CommandResult) {
  expect(stderr).toBe('');
  expect(code).toBe(0);
  expect(stdout.trimEnd()).not.toContain('\n');
  return JSON.parse(stdout);
}

function readProblem({ code, stdout, stderr }: CommandResult, expected: { exit: number; code: string }): Problem {
  expect(stdout).toBe('');
  expectNoTrace(stderr);
  const problem: Problem = JSON.parse(stderr);
  expect({ exit: code, code: problem.code }).toEqual(expected);
  expectBothLanguages(problem.texts);
  return problem;
}

describe('the command line', { timeout: 60_000 }, () => {
  let project: { readonly folder: string; remove(): Promise<void> };

  beforeAll(async () => {
    project = await makeTemporaryFolder();
    const { folder } = project;
    const settings = { load: { collection: '', folder: 'documents' } };
    await writeFile(join(folder, 'flow.json'), formatFlow(makeRagFlow({ collection: '', host: 'ollama', settings })));
    await mkdir(join(folder, 'documents'));
    for (const [name, text] of Object.entries(articles)) await writeFile(join(folder, 'documents', name), text);
    const strange = makeRagFlow({ collection: '', host: 'ollama', chat: 'no-such-model', settings });
    await writeFile(join(folder, 'strange.json'), formatFlow(strange));
    await writeFile(join(folder, 'broken.json'), '{\n  "format": "kumiki/flow@1",\n  "nodes": {,}\n}\n');
  });
  afterAll(() => project.remove());

  describe('where no server runs', () => {
    let models: ScriptedModels;
    let data: { readonly folder: string; remove(): Promise<void> };
    const run = (parameters: readonly string[], environment: Record<string, string> = {}) =>
      runKumiki(parameters, {
        dataFolder: data.folder,
        folder: project.folder,
        environment: { OLLAMA_HOST: models.address, ...environment },
      });

    beforeAll(async () => {
      models = await startScriptedModels();
      data = await makeTemporaryFolder();
    });
    afterAll(async () => {
      await models.stop();
      await data.remove();
    });

    it('builds a flow file with the documents beside it, asks it, and prints answer, citations and usage', async () => {
      const result = readResult(await run(ask));
      expect(result).toMatchObject({
        output: answer,
        citations: [{ number: 1, kind: 'marker', documentName: 'refund.md' }],
        usage: { promptTokens: 7, completionTokens: expect.any(Number) },
        outputs: { [arm]: { state: 'answered', value: answer } },
      });
    });

    it('reads and embeds nothing again where nothing has changed, and the changed document alone where one has', async () => {
      const embedded = models.embeddedPassages.length;
      const first = readResult(await run(ask));
      expect(models.embeddedPassages).toHaveLength(embedded);
      const changed = articles['refund.md'].replace('14日', '20日');
      await writeFile(join(project.folder, 'documents', 'refund.md'), changed);
      const built = readResult(await run(['build', 'flow.json', '--json']));
      expect(built).toMatchObject({ flow: first.flow, version: 1, build: expect.any(Number) });
      expect(models.embeddedPassages).toHaveLength(embedded + 1);
      expect(readResult(await run(ask)).output).toContain('20日以内');
      await writeFile(join(project.folder, 'documents', 'refund.md'), articles['refund.md']);
    });

    it('prints the answer for people where JSON is not asked for, and nothing else on stdout', async () => {
      const { code, stdout } = await run(ask.slice(0, -1));
      expect(code).toBe(0);
      expect(stdout).toMatch(/^年額プランは.*\[1\]\n {2}\[1\] refund\.md: /);
    });

    it('says where a flow file is broken, in the language of the terminal', async () => {
      const problem = readProblem(await run(['run', 'broken.json', '--json']), { exit: 3, code: 'broken-json' });
      expect(problem.detail).toContain('3');
      const { code, stderr } = await run(['run', 'broken.json'], { LANG: 'ja_JP.UTF-8' });
      expect({ code, stderr }).toEqual({ code: 3, stderr: `${problem.texts?.ja}\n` });
    });

    it('says that a file is missing, and that an input is unknown', async () => {
      readProblem(await run(['build', 'nowhere.json', '--json']), { exit: 3, code: 'file-missing' });
      const other = ['run', 'flow.json', '--input', 'query=x', '--json'];
      expect(readProblem(await run(other), { exit: 3, code: 'input-unknown' }).detail).toContain('question');
    });

    it('tells a run that failed from a request that was refused', async () => {
      readProblem(await run(['build', 'strange.json', '--json']), { exit: 4, code: 'model-unknown' });
    });

    it('tells wrong usage from everything else', async () => {
      expect((await run(['dance'])).code).toBe(2);
      expect((await run(['run', 'flow.json', '--input', 'no equals sign'])).code).toBe(2);
      expect((await run(['run'])).code).toBe(2);
    });

    it('says that a sign-in link needs a server', async () => {
      readProblem(await run(['sign-in', '--json']), { exit: 5, code: 'server-not-running' });
    });

    it('looks whether everything is as it should be', async () => {
      const { findings } = readResult(await run(['doctor', '--json']));
      expect(findings).toContainEqual({ check: 'database', state: 'ok', detail: 'embedded' });
      expect(findings).toContainEqual({
        check: 'models: ollama',
        state: 'ok',
        detail: expect.stringContaining('scripted-chat'),
      });
    });
  });

  describe('where a server runs', () => {
    let stage: Stage;
    let session: KumikiSession;
    const run = (parameters: readonly string[]) =>
      runKumiki(parameters, { dataFolder: stage.dataFolder, folder: project.folder });

    beforeAll(async () => {
      stage = await openStage('embedded');
      session = stage.session;
      await uploadCollection(session, 'ヘルプ', articles);
    });
    afterAll(() => stage.close());

    it('builds and asks through it, so that the editor shows flow and run', async () => {
      const result = readResult(await run(ask));
      expect(result.output).toBe(answer);
      const shown = await unwrap(session.client.GET('/api/runs/{id}', { params: { path: { id: result.run } } }));
      expect(shown).toMatchObject({ state: 'succeeded', flow: result.flow });
      expect(readResult(await run(ask)).flow).toBe(result.flow);
    });

    it('prints a link that signs in once', async () => {
      const { link } = readResult(await run(['sign-in', '--json']));
      const other = await signInBy(link);
      expect((await other.request('/api/session')).status).toBe(200);
      await expect(signInBy(link)).rejects.toThrow();
    });

    it('examines it from inside', async () => {
      const { findings } = readResult(await run(['doctor', '--json']));
      expect(findings).toContainEqual(expect.objectContaining({ check: 'models: scripted', state: 'ok' }));
    });

    describe('moves a flow with its documents to another machine', () => {
      let other: { readonly folder: string; remove(): Promise<void> };
      let bundle: string;
      const runThere = (parameters: readonly string[]) =>
        runKumiki(parameters, {
          dataFolder: join(other.folder, 'data'),
          folder: other.folder,
          environment: { OLLAMA_HOST: stage.models.address },
        });

      const freeze = async (document: FlowDocument): Promise<FlowReference> => {
        const { id, revision } = await createFlow(session, document);
        const params = { path: { id } };
        const version = session.client.POST('/api/flows/{id}/versions', { params, body: { revision } });
        return { flow: id, version: (await unwrap(version)).number };
      };

      beforeAll(async () => {
        other = await makeTemporaryFolder();
        bundle = join(other.folder, 'bundle');
        await createFlow(session, { ...makeRagFlow({ collection: 'ヘルプ', host: 'ollama' }), name: '引っ越し' });
      });
      afterAll(() => other.remove());

      it('exports flow, members and contents, by name, as files that a person can read', async () => {
        const exported = readResult(await run(['export', '引っ越し', '--to', bundle, '--json']));
        expect(exported).toMatchObject({ files: 3 });
        expect((await readdir(bundle)).sort()).toEqual(['collections.json', 'files', 'flow.json']);
        const members = JSON.parse(await readFile(join(bundle, 'collections.json'), 'utf8'));
        expect(members.ヘルプ.map(({ name }: { name: string }) => name)).toEqual(Object.keys(articles).sort());
        const { stdout } = await run(['export', '引っ越し']);
        expect(stdout).toBe(await readFile(join(bundle, 'flow.json'), 'utf8'));
        readProblem(await run(['export', '無い', '--json']), { exit: 3, code: 'flow-unknown' });
      });

      it('imports them where nothing is yet, and the flow answers there', async () => {
        const imported = readResult(await runThere(['import', bundle, '--json']));
        expect(imported).toMatchObject({ id: expect.any(String), revision: expect.any(Number) });
        const asked = ['run', join(bundle, 'flow.json'), '--input', `question=${question}`, '--json'];
        expect(readResult(await runThere(asked)).output).toBe(answer);
      });

      it('takes along the flows that it names, also by way of others, under the names that they get there', async () => {
        const inner = await freeze(makePassing('内側').build());
        const middle = await freeze(makePassing('中間', inner).build());
        await createFlow(session, makePassing('外側', middle).build());
        const folder = join(other.folder, 'named');
        readResult(await run(['export', '外側', '--to', folder, '--json']));
        expect(await readdir(join(folder, 'flows'))).toHaveLength(2);
        const imported = readResult(await runThere(['import', folder, '--json']));
        readResult(await runThere(['export', String(imported.id), '--to', join(other.folder, 'again'), '--json']));
        const named = await readFile(join(other.folder, 'again', 'flow.json'), 'utf8');
        expect(named).not.toContain(middle.flow);
        const asked = ['run', join(other.folder, 'again', 'flow.json'), '--input', 'question=そのまま', '--json'];
        expect(readResult(await runThere(asked)).output).toBe('そのまま');
        // Where they are already, nothing is made twice.
        readResult(await run(['import', folder, '--json']));
        const { items } = await unwrap(session.client.GET('/api/flows', { params: { query: { limit: 200 } } }));
        expect(items.filter(({ name }) => name === '内側')).toHaveLength(1);
      });

      it('refuses an export that was damaged, and says which file it is', async () => {
        const [first] = await readdir(join(bundle, 'files'));
        const path = join(bundle, 'files', first ?? '');
        await writeFile(path, 'something else');
        readProblem(await runThere(['import', bundle, '--json']), { exit: 3, code: 'export-damaged' });
        await rm(path);
        readProblem(await runThere(['import', bundle, '--json']), { exit: 3, code: 'export-damaged' });
        await writeFile(join(bundle, 'collections.json'), '{ "ヘルプ": 5 }');
        readProblem(await runThere(['import', bundle, '--json']), { exit: 3, code: 'export-damaged' });
        await writeFile(join(bundle, 'collections.json'), '{ "ヘル');
        readProblem(await runThere(['import', bundle, '--json']), { exit: 3, code: 'export-damaged' });
      });
    });
  });
});

/** Hands its question on, through another flow where one is named. */
function makePassing(name: string, inner?: FlowReference) {
  const flow = buildFlowDocument(name).node('question', 'input', { name: 'question' });
  if (inner === undefined)
    return flow.node('answer', 'output', { name: 'answer' }).wire('question.value', 'answer.value');
  return flow
    .node('inner', 'logic/subflow', { ...inner, output: 'answer' })
    .node('answer', 'output', { name: 'answer' })
    .wire('question.value', 'inner.question')
    .wire('inner.value', 'answer.value');
}
