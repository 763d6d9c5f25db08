import type { LocalisedText } from '@kumiki/flow';
import { KumikiError, type NodeContext, type TrainingEstimate, type TrainingSettings } from '@kumiki/node-sdk';

/** Below so many steps a model hardly moves, whatever it is shown. */
const fewSteps = 50;
/** As many steps as taught eight facts out of sixty conversations. */
const wantedSteps = 100;

/** Says so where the settings will barely move the model, and what to set instead. */
export function warnFewSteps(context: NodeContext, settings: TrainingSettings, rows: number): void {
  const steps = Math.ceil(rows / settings.batchSize) * settings.epochs;
  if (steps >= fewSteps || rows === 0) return;
  const batchSize = Math.min(settings.batchSize, 8);
  const epochs = Math.ceil(wantedSteps / Math.ceil(rows / batchSize));
  const learningRate = Math.max(settings.learningRate, 1e-3);
  context.warn({
    code: 'training-few-steps',
    message: {
      en: `${rows} examples make only ${steps} steps with these settings, which will barely move the model. For a small data set, set ${batchSize} examples per step, ${epochs} epochs, and a learning rate of ${learningRate}.`,
      ja: `この設定では、${rows} 件の例から ${steps} ステップしか学習できず、モデルはほとんど変わりません。教材が少ないときは、1 ステップの例の数を ${batchSize}、エポック数を ${epochs}、学習率を ${learningRate} にしてください。`,
    },
  });
}

export function warnTight(context: NodeContext, { memory }: TrainingEstimate): void {
  const held = describeHeld(memory.held);
  const [needed, free] = [formatBytes(memory.needed), formatBytes(memory.free)];
  if (memory.needed === 0) {
    context.warn({
      code: 'training-not-estimated',
      message: {
        en: `How much memory the training takes cannot be told before the base model has been fetched; ${free} are free.`,
        ja: `ベースモデルを取得するまで、必要なメモリーを見積もれません。空きは ${free} です。`,
      },
    });
    return;
  }
  context.warn({
    code: 'training-tight',
    message: {
      en: `The training takes about ${needed} of the ${free} that are free: a tight fit. ${held.en}Stop other programs that use memory while it goes on.`,
      ja: `学習には約 ${needed} のメモリーを使う見込みで、空き ${free} に対して余裕がありません。${held.ja}学習中は、メモリーを使うほかのプログラムを止めてください。`,
    },
  });
}

/** Throws `model-not-trainable` where the model has an adapter already. */
export function refuseTuned(model: { readonly name: string; readonly adapter: unknown }, node: string): void {
  if (model.adapter === null) return;
  throw new KumikiError({
    code: 'model-not-trainable',
    status: 422,
    node,
    message: {
      en: `The model “${model.name}” that reaches “${node}” has been tuned already, and a tuned model cannot be tuned again. Connect the base model, and put all examples into one data set.`,
      ja: `「${node}」につながれたモデル「${model.name}」は調整済みです。調整済みのモデルを重ねて学習することはできません。ベースモデルをつなぎ、例を 1 つの教材にまとめてください。`,
    },
  });
}

export function refuseTooLarge(estimate: TrainingEstimate, settings: TrainingSettings, node: string): KumikiError {
  const { needed, free, device } = estimate.memory;
  const held = describeHeld(estimate.memory.held);
  const advice = listAdvice(settings, device);
  return new KumikiError({
    code: 'training-will-not-fit',
    status: 422,
    node,
    message: {
      en: `The training would take about ${formatBytes(needed)} of memory, and ${formatBytes(free)} are free. Try: ${advice.map(({ en }) => en).join('; ')}. ${held.en}Other programs can be stopped; or let it try all the same in the advanced settings.`,
      ja: `学習には約 ${formatBytes(needed)} のメモリーが必要ですが、空きは ${formatBytes(free)} です。次をお試しください：${advice.map(({ ja }) => ja).join('、')}。${held.ja}ほかのプログラムを止める方法もあります。詳細設定で、そのまま試すこともできます。`,
    },
  });
}

function listAdvice(settings: TrainingSettings, device: 'cpu' | 'cuda'): readonly LocalisedText[] {
  const advice: LocalisedText[] = [];
  if (device === 'cuda' && settings.quantisation === 'none') {
    advice.push({ en: '4 bits (NF4) for the base', ja: 'ベースモデルの量子化を 4 ビット（NF4）にする' });
  }
  if (settings.precision === 'float32') {
    advice.push({ en: 'the precision “automatic”', ja: '精度を「自動」にする' });
  }
  if (settings.maximumLength > 512) {
    const length = Math.max(512, Math.floor(settings.maximumLength / 2));
    advice.push({ en: `${length} tokens as the longest example`, ja: `例の最大長を ${length} トークンにする` });
  }
  if (settings.rank > 8) advice.push({ en: 'a rank of 8', ja: 'ランクを 8 にする' });
  advice.push({ en: 'a smaller base model', ja: '小さなベースモデルを選ぶ' });
  return advice;
}

/** Models that are loaded and idle give their memory back when somebody asks them to. */
function describeHeld(held: number): LocalisedText {
  if (held < 1e8) return { en: '', ja: '' };
  const amount = formatBytes(held);
  return {
    en: `Loaded models hold ${amount}, which you get back by unloading them. `,
    ja: `読み込み済みのモデルが ${amount} を使っています。モデルの読み込みを解除すると空きが増えます。`,
  };
}

function formatBytes(bytes: number): string {
  return `${(bytes / 1e9).toFixed(1)} GB`;
}
