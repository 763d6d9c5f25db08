import { buildFlowDocument } from '@kumiki/testkit';

/** The smallest flow that answers: what comes in goes out. */
export const passThrough = buildFlowDocument('Pass-through')
  .node('question', 'input', { name: 'text' })
  .node('answer', 'output', { name: 'answer' })
  .wire('question.value', 'answer.value')
  .build();

export const passThroughOutput = 'answer';

export const passThroughBody = JSON.stringify({ inputs: { text: '契約の途中でプランを変更できますか？' } });
