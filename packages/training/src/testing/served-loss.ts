import { z } from 'zod';
import type { RowPreview } from '../preview-rows.ts';

/** Of some 50,000 tokens in all: one that is not among these is less likely than any loss worth measuring. */
const likeliest = 5_000;

const answerSchema = z.object({
  completion_probabilities: z
    .array(z.object({ top_logprobs: z.array(z.object({ id: z.int(), logprob: z.number() })) }))
    .length(1),
});

/**
 * The loss of a model that llama-server serves with its first adapter, in nats for each trained token: it is told all
 * tokens before one, and asked how likely that one is. Prompts are token ids, so that nothing is rendered anew.
 */
export async function measureServedLoss(address: string, rows: readonly RowPreview[]): Promise<number> {
  let sum = 0;
  let count = 0;
  for (const tokens of rows.flatMap((row) => ('sequences' in row ? row.sequences : []))) {
    const ids = tokens.map(({ id }) => id);
    for (const [place, { id, trained }] of tokens.entries()) {
      if (!trained) continue;
      sum -= await askLogProbability(address, ids.slice(0, place), id);
      count += 1;
    }
  }
  return sum / count;
}

/** By a stream, since an answer in one piece leaves out how likely the end of a turn is, where that is what comes. */
async function askLogProbability(address: string, prompt: readonly number[], token: number): Promise<number> {
  const answer = await fetch(`${address}/completion`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      ...{ prompt, n_predict: 1, n_probs: likeliest, temperature: 0, cache_prompt: true, stream: true },
      lora: [{ id: 0, scale: 1 }],
    }),
  });
  const text = await answer.text();
  const [line] = /^data: .*completion_probabilities.*$/m.exec(text) ?? [];
  if (line === undefined) throw new Error(`llama-server said nothing of ${prompt.length} tokens: ${text}`);
  const [first] = answerSchema.parse(JSON.parse(line.replace(/^data: /, ''))).completion_probabilities;
  const found = first?.top_logprobs.find(({ id }) => id === token);
  if (found === undefined) throw new Error(`Token ${token} is not among the ${likeliest} likeliest.`);
  return found.logprob;
}
