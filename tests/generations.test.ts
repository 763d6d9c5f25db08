import { didRun } from '@kumiki/testkit';
import {
  askFlow,
  buildFlow,
  createFlow,
  type FollowedRun,
  putFiles,
  readAnswer,
  unwrap,
  uploadCollection,
} from '@kumiki/testkit/kumiki-session';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { databaseKinds } from './databases.ts';
import { arm, makeRagFlow } from './rag-flow.ts';
import { openStage, type Stage } from './stage.ts';

const documents = 200;
const changedPlace = 123;
const question = `倉庫${changedPlace}の担当者は誰ですか？`;

const write = (place: number, person: string) =>
  `倉庫${place}の担当者は${person}${place}です。棚の番号は${(place * 7919) % 1000}番です。\n`;
const nameFile = (place: number) => `warehouse-${place}.txt`;
const answerBefore = `倉庫${changedPlace}の担当者は山田${changedPlace}です。 [1]`;
const answerAfter = `倉庫${changedPlace}の担当者は鈴木${changedPlace}です。 [1]`;

describe.each(databaseKinds)('one document more, on the %s database', { timeout: 120_000 }, (kind) => {
  let stage: Stage;
  let flow: string;
  let collection: string;

  const askBuild = async (build: number) => {
    const asked = await askFlow(stage.session, flow, { inputs: { question }, build });
    return readAnswer(asked, arm).value;
  };
  const callEndpoint = async (slug: string) => {
    const answer = await stage.session.request(`/v1/endpoints/${slug}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ inputs: { question } }),
    });
    return JSON.parse(await answer.text());
  };
  const countItems = ({ events }: FollowedRun, node: string, port: string) =>
    events
      .flatMap((event) => (event.type === 'node-end' && event.node === node ? event.counts[port]?.items : []))
      .at(-1);

  beforeAll(async () => {
    stage = await openStage(kind);
    const { session } = stage;
    const files = Array.from({ length: documents }, (_, place) => [nameFile(place), write(place, '山田')] as const);
    collection = await uploadCollection(session, '倉庫', Object.fromEntries(files));
    flow = (await createFlow(session, makeRagFlow({ collection: '倉庫' }))).id;
  });
  afterAll(() => stage.close());

  it('reads and embeds every document the first time', async () => {
    const built = await buildFlow(stage.session, flow);
    expect(built.end).toMatchObject({ state: 'succeeded', build: 1 });
    expect(countItems(built, 'load', 'documents')).toBe(documents);
    expect(stage.models.embeddedPassages).toHaveLength(documents);
    for (const [slug, follow] of [
      ['following', true],
      ['pinned', false],
    ] as const) {
      await unwrap(
        stage.session.client.POST('/api/endpoints', {
          body: { slug, follow, routes: [{ flow, version: 1, build: 1, output: arm, weight: 1 }] },
        }),
      );
    }
    expect(await askBuild(1)).toBe(answerBefore);
  });

  it('reads and embeds nothing where nothing has changed', async () => {
    const embedded = stage.models.embeddedPassages.length;
    const built = await buildFlow(stage.session, flow);
    expect(built.end.state).toBe('succeeded');
    expect(['load', 'chunk', 'embed'].filter((node) => didRun(built.events, node))).toEqual([]);
    expect(stage.models.embeddedPassages).toHaveLength(embedded);
  });

  describe('after one of them has changed', () => {
    let newest: number;

    beforeAll(async () => {
      await putFiles(stage.session, collection, { [nameFile(changedPlace)]: write(changedPlace, '鈴木') });
    });

    it('still answers from the build while the collection is ahead of it', async () => {
      expect(await askBuild(1)).toBe(answerBefore);
      expect(await callEndpoint('following')).toMatchObject({ output: answerBefore });
    });

    it('reads and embeds that one alone', async () => {
      const embedded = stage.models.embeddedPassages.length;
      const built = await buildFlow(stage.session, flow);
      expect(built.end.state).toBe('succeeded');
      newest = built.end.build ?? 0;
      expect(countItems(built, 'load', 'documents')).toBe(1);
      expect(countItems(built, 'chunk', 'chunks')).toBe(1);
      expect(stage.models.embeddedPassages.slice(embedded)).toEqual([
        expect.stringContaining(`担当者は鈴木${changedPlace}です。`),
      ]);
    });

    it('answers from the old text where the old build is named', async () => {
      expect(await askBuild(1)).toBe(answerBefore);
      expect(await askBuild(newest)).toBe(answerAfter);
    });

    it('answers from the new text at an endpoint that follows, and from the old one where it does not', async () => {
      expect(await callEndpoint('following')).toMatchObject({ output: answerAfter, arm: { build: newest } });
      expect(await callEndpoint('pinned')).toMatchObject({ output: answerBefore, arm: { build: 1 } });
    });

    it('goes on so after a restart, also where the document is removed and built again', async () => {
      const { session } = stage;
      const path = { id: collection, name: nameFile(changedPlace) };
      await session.client.DELETE('/api/collections/{id}/files/{name}', { params: { path } });
      await stage.kumiki.stop();
      await stage.startAgain();
      const embedded = stage.models.embeddedPassages.length;
      const { end } = await buildFlow(stage.session, flow);
      expect(end.state).toBe('succeeded');
      expect(stage.models.embeddedPassages).toHaveLength(embedded);
      expect(await askBuild(1)).toBe(answerBefore);
      expect(await askBuild(newest)).toBe(answerAfter);
      const { output } = await callEndpoint('following');
      expect(output).not.toContain(`倉庫${changedPlace}の`);
      expect(await callEndpoint('pinned')).toMatchObject({ output: answerBefore });
    });
  });
});
