import type { FlowDocument } from '@kumiki/flow';
import { buildFlowDocument } from '@kumiki/testkit';
import type { KumikiProcess } from '@kumiki/testkit/kumiki-process';
import { buildFlow, createFlow, type KumikiSession, unwrap } from '@kumiki/testkit/kumiki-session';
import { scriptedChat } from '@kumiki/testkit/scripted-models';

/** A chat with the scripted model at Ollama's routes, which is told what was said before. */
function makeChatFlow(name: string): FlowDocument {
  return buildFlowDocument(name)
    .node('question', 'input', { name: 'question' })
    .node('history', 'input', { name: 'history', kind: 'messages' })
    .node('chat', 'model/chat', { host: 'ollama', model: scriptedChat })
    .node('prompt', 'prompt/template', { template: '{{question}}' })
    .node('answer', 'generate/llm', { temperature: 0 })
    .node('output', 'output', { name: 'answer' })
    .wire('question.value', 'prompt.question')
    .wire('history.value', 'prompt.history')
    .wire('prompt.prompt', 'answer.prompt')
    .wire('chat.model', 'answer.model')
    .wire('answer.answer', 'output.value')
    .build();
}

/** Builds and publishes a chat. What it gives says something in a conversation of its endpoint. */
export async function publishChat(
  kumiki: KumikiProcess,
  session: KumikiSession,
  { slug, name }: { readonly slug: string; readonly name: string },
): Promise<(conversation: string, question: string, subject?: string) => Promise<void>> {
  const { id } = await createFlow(session, makeChatFlow(name));
  await buildFlow(session, id);
  const routes = [{ flow: id, version: 1, build: 1, output: 'answer', weight: 1 }];
  await unwrap(session.client.POST('/api/endpoints', { body: { slug, follow: true, routes } }));
  const scopes: 'v1'[] = ['v1'];
  const { key } = await unwrap(session.client.POST('/api/keys', { body: { name: 'caller', scopes, endpoints: null } }));
  const caller = kumiki.useKey(key);
  return async (conversation, question, subject) => {
    const body = { inputs: { question }, conversation, ...(subject === undefined ? {} : { subject }) };
    const answer = await caller.request(`/v1/endpoints/${slug}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    if (!answer.ok) throw new Error(`Not answered: ${await answer.text()}`);
    await answer.body?.cancel();
  };
}
