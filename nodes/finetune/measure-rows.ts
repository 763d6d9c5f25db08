import {
  KumikiError,
  type ModelAccess,
  type ModelReference,
  type TrainingRow,
  type TrainingSize,
} from '@kumiki/node-sdk';
import { estimateTokens } from '../chunk/estimate-tokens.ts';

/** Rows whose tokens are counted; the rest is reckoned from their characters. */
const countedLongest = 8;
const countedOthers = 56;
/** What chat templates put around a message, in tokens. */
const messageTokens = 6;

type Measured = { readonly text: string; readonly trained: string; readonly messages: number };

/** Collects what the lengths of rows say, in bounded memory: numbers of all rows, and texts of the longest and of some. */
export class RowMeasure {
  #rows = 0;
  #messages = 0;
  #characters = 0;
  #trainedCharacters = 0;
  readonly #longest: Measured[] = [];
  readonly #others: Measured[] = [];

  add({ messages, trained }: TrainingRow): void {
    const text = messages.map(({ content }) => content).join('\n');
    const learnt = trained.map((place) => messages[place]?.content ?? '').join('\n');
    const measured = { text, trained: learnt, messages: messages.length };
    this.#rows += 1;
    this.#messages += messages.length;
    this.#characters += text.length;
    this.#trainedCharacters += learnt.length;
    this.#longest.push(measured);
    this.#longest.sort((a, b) => b.text.length - a.text.length).splice(countedLongest);
    if (this.#others.length < countedOthers) this.#others.push(measured);
  }

  /** Counts by the model's own tokens where its host can; what a host cannot say is no reason not to train. */
  async count(model: ModelReference, models: ModelAccess): Promise<Omit<TrainingSize, 'evaluation'>> {
    const counted = [...this.#longest, ...this.#others];
    const tokens = await countTexts(
      counted.flatMap(({ text, trained }) => [text, trained]),
      model,
      models,
    );
    const whole = counted.map(({ messages }, place) => (tokens[place * 2] ?? 0) + messages * messageTokens);
    const learnt = counted.map((_, place) => tokens[place * 2 + 1] ?? 0);
    const characters = counted.reduce((sum, { text }) => sum + text.length, 0);
    const bare = counted.reduce((sum, _, place) => sum + (tokens[place * 2] ?? 0), 0);
    const perCharacter = characters === 0 ? 0 : bare / characters;
    return {
      rows: this.#rows,
      tokens: Math.ceil(this.#characters * perCharacter + this.#messages * messageTokens),
      trained: Math.ceil(this.#trainedCharacters * perCharacter),
      longest: { tokens: Math.max(0, ...whole), trained: Math.max(0, ...learnt) },
    };
  }
}

async function countTexts(
  texts: readonly string[],
  model: ModelReference,
  models: ModelAccess,
): Promise<readonly number[]> {
  if (texts.length === 0) return [];
  try {
    return await models.countTokens(model, texts);
  } catch (error) {
    if (!(error instanceof KumikiError)) throw error;
    return texts.map(estimateTokens);
  }
}
