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
  const sequences = rows.flatMap((row) => ('sequences' in row ? row.sequences : []));
  const plain = sequences.flat().find(({ text }) => /^[a-z]+$/i.test(text));
  if (plain === undefined) throw new Error('None of the tokens is a plain word.');
  let sum = 0;
  let count = 0;
  for (const tokens of sequences) {
    const ids = tokens.map(({ id }) => id);
    for (const [place, { id, trained }] of tokens.entries()) {
      if (!trained) continue;
      sum -= await askLogProbability(address, { prompt: ids.slice(0, place), token: id, plain: plain.id });
      count += 1;
    }
  }
  return sum / count;
}

/**
 * llama-server says nothing of a token that ends a turn or is a part of a character. So it is made to choose a plain word:
 * the probabilities that it tells are those before anything was chosen.
 */
async function askLogProbability(
  address: string,
  { prompt, token, plain }: { readonly prompt: readonly number[]; readonly token: number; readonly plain: number },
): Promise<number> {
  const answer = await fetch(`${address}/completion`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      ...{ prompt, n_predict: 1, n_probs: likeliest, temperature: 0, cache_prompt: true },
      logit_bias: [[plain, 1_000]],
      lora: [{ id: 0, scale: 1 }],
    }),
  });
  const [first] = answerSchema.parse(await answer.json()).completion_probabilities;
  const found = first?.top_logprobs.find(({ id }) => id === token);
  if (found === undefined) throw new Error(`Token ${token} is not among the ${likeliest} likeliest.`);
  return found.logprob;
}
