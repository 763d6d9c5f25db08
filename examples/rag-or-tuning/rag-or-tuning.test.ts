import { readdir, readFile } from 'node:fs/promises';
import { checkFlow, parseFlow, readGraph, readSetting } from '@kumiki/flow';
import { nodeTypes } from '@kumiki/nodes';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { addMissingArms } from '../../apps/editor/src/flow/add-missing-arms.ts';
import { removeItems } from '../../apps/editor/src/flow/document-edits.ts';
import { createFlowStore } from '../../apps/editor/src/flow/flow-store.ts';

const questionSchema = z.strictObject({
  id: z.string(),
  question: z.string().min(1),
  references: z.array(z.string().min(1)),
  passages: z.array(z.strictObject({ document: z.string() })),
  topic: z.string().min(1),
  cluster: z.string().min(1),
  answerable: z.boolean(),
});

const here = new URL('.', import.meta.url);
const descriptions = new Map(nodeTypes.map(({ description }) => [description.type, description]));
const { document } = parseFlow(await readFile(new URL('flow.json', here), 'utf8'));
if (document === null) throw new Error('flow.json is not a flow');
const flow = document;
const graph = readGraph(flow, descriptions);
const outputs = [...graph.nodes.values()].filter(({ node }) => node.type === 'output');
const questions = (await readFile(new URL('questions.jsonl', here), 'utf8'))
  .trimEnd()
  .split('\n')
  .map((line) => questionSchema.parse(JSON.parse(line)));

describe('the flow of examples/rag-or-tuning', () => {
  it('is sound, without so much as a warning', () => {
    expect(checkFlow(flow, descriptions)).toEqual([]);
  });

  it('has four arms that take and give the same', () => {
    expect(outputs.map(({ node }) => node.settings.name).sort()).toEqual(['RAG', 'base', 'tuned', 'tuned-RAG']);
    for (const { id, incoming } of outputs) {
      const value = incoming.find(({ to }) => to.port === 'value')?.from;
      expect(graph.nodes.get(value?.node ?? '')?.ports.outputs[value?.port ?? '']?.kind, id).toBe('text');
      expect(listInputs(id), id).toEqual(['question']);
    }
  });

  it('asks every arm within the same limits', () => {
    const generators = [...graph.nodes.values()].filter(({ node }) => node.type === 'generate/llm');
    expect(generators).toHaveLength(4);
    expect(new Set(generators.map(({ node }) => JSON.stringify(node.settings))).size).toBe(1);
  });

  it('gives the tuned model as many passages to learn with as the search hands on', () => {
    const read = (id: string, setting: string) => {
      const found = graph.nodes.get(id);
      return found && readSetting(found.node, found.description, setting);
    };
    expect(read('dataWithPassages', 'passages')).toBe(read('search', 'limit'));
  });

  it('is drawn again from its RAG arm alone, with nothing wrong but that its conversations are to be chosen', () => {
    const others = ['conversations', 'chunkConversations', 'data', 'dataWithPassages', 'tune', 'tuneWithPassages'];
    const alone = removeItems(
      flow,
      new Set([
        ...others,
        'prompt',
        ...['Base', 'Tuned', 'TunedRag'].flatMap((arm) => [`answer${arm}`, `output${arm}`]),
      ]),
    );
    const store = createFlowStore({ id: 'flow', document: alone, revision: 1, nodeTypes: descriptions });
    const drawn = addMissingArms(store.getState(), 'ja');
    expect(drawn?.arms).toEqual(['base', 'tuned', 'tunedRag']);
    const problems = checkFlow(drawn?.document ?? alone, descriptions);
    expect(problems.map(({ node }) => drawn?.document.nodes[node ?? '']?.type)).toEqual(['load/conversations']);
  });

  /** Names of the inputs that a node hangs on. */
  function listInputs(id: string): readonly unknown[] {
    const names = new Set<unknown>();
    const waiting = [id];
    for (const next of waiting) {
      const found = graph.nodes.get(next);
      if (found?.node.type === 'input') names.add(found.node.settings.name);
      for (const { from } of found?.incoming ?? []) if (!waiting.includes(from.node)) waiting.push(from.node);
    }
    return [...names];
  }
});

describe('its questions', () => {
  it('say where their answers stand, and have one exactly where there is one', async () => {
    const files = [
      ...(await readdir(new URL('documents/', here))),
      ...(await readdir(new URL('conversations/', here))),
    ];
    for (const { id, references, passages, answerable } of questions) {
      expect(references.length, id).toBe(answerable ? 1 : 0);
      expect(passages.length, id).toBe(answerable ? 1 : 0);
      for (const { document: name } of passages) expect(files, id).toContain(name);
    }
    expect(questions.filter(({ answerable }) => !answerable).length).toBeGreaterThanOrEqual(5);
    expect(new Set(questions.map(({ id }) => id)).size).toBe(questions.length);
  });

  it('ask for figures that stand in the documents that they name', async () => {
    for (const { id, references, passages } of questions) {
      for (const { document: name } of passages) {
        const folder = name.endsWith('.csv') ? 'conversations/' : 'documents/';
        const text = await readFile(new URL(`${folder}${name}`, here), 'utf8');
        // What is worked out from a rule stands in no document.
        const figures = (references[0] ?? '').replace(/、月1,600円/, '').match(/\d[\d,]*/g) ?? [];
        for (const figure of figures) expect(text, id).toContain(figure);
      }
    }
  });

  it('make more than the fifteen clusters below which no interval is told, over four topics', () => {
    expect(new Set(questions.map(({ cluster }) => cluster)).size).toBeGreaterThan(20);
    expect(new Set(questions.map(({ topic }) => topic)).size).toBe(4);
  });

  it('are not asked in the words of a chat', async () => {
    const chats = await readFile(new URL('conversations/desk-chats.csv', here), 'utf8');
    for (const { id, question } of questions) expect(chats, id).not.toContain(question);
  });
});
