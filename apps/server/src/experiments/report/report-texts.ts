import type { LocalisedText } from '@kumiki/flow';
import type { Measured } from './measured-answers.ts';

/** How an experiment is carried out; what changes here changes in `order-answers.ts` and `ask-all.ts`. */
export const order: LocalisedText = {
  en: 'One question at a time, in blocks of questions drawn by the seed. Within a block, arms with the same models come together, in a drawn order; after each change of models, one question that is not measured comes first.',
  ja: '1 問ずつ、シードで並べた質問のまとまりごとに尋ねます。まとまりの中では同じモデルの案を続け、順序はシードで決めます。モデルが替わるたびに、測定に含めない質問を 1 問先に尋ねます。',
};

export const promptCache: LocalisedText = {
  en: 'Left to the model host, alike for every arm: nothing is asked twice on purpose, and what is asked to warm up shares no text with a question.',
  ja: 'どの案でも同じく、モデルホストに任せています。同じ質問を事前に尋ねることはなく、測定に含めない質問は本番の質問と共通する文を含みません。',
};

const newFactsLimit: LocalisedText = {
  en: 'How soon an arm answers from a document or conversation that is added later: no new facts were added here.',
  ja: '後から追加した文書や会話が、いつ回答に反映されるかはわかりません。ここでは新しい情報を追加していません。',
};

/** What answers do not tell, however many there are. */
export function listLimits({ findings, settings }: Pick<Measured, 'findings' | 'settings'>): readonly LocalisedText[] {
  return [
    {
      en: 'How fast the arms are when many people ask at once: here one question was asked at a time.',
      ja: '同時に多数が使うときの速さはわかりません。ここでは 1 問ずつ測っています。',
    },
    {
      en: 'What processors and the machine take in energy: nothing here reads that.',
      ja: 'CPU や GPU の使用時間と消費電力はわかりません。ここでは測っていません。',
    },
    ...(settings.probe === null ? [newFactsLimit] : []),
    ...(findings.judge === null
      ? [
          {
            en: 'Whether an answer is right although it is worded differently from its reference: no judge was asked.',
            ja: '参照と言い回しの違う正しい回答かどうかはわかりません。判定モデルを使っていません。',
          },
        ]
      : []),
    ...(settings.repetitions === 1
      ? [
          {
            en: 'How much an arm’s answer to the same question varies: each was asked once.',
            ja: '同じ質問への回答のばらつきはわかりません。各質問を 1 回ずつ尋ねています。',
          },
        ]
      : []),
  ];
}

/** Why answers of an arm take no part. */
export const leftOutTexts: Readonly<Record<string, LocalisedText>> = {
  failed: {
    en: 'The arm gave no answer: an error, or its time was up.',
    ja: 'エラーまたは時間切れで、回答を得られませんでした。',
  },
  'model-changed': {
    en: 'The model on its host was changed in the middle of the experiment, so what it answered after that does not count.',
    ja: '実験の途中でホストのモデルが入れ替わったため、それ以降の回答は数えていません。',
  },
  'not-asked': { en: 'Not asked before the experiment ended.', ja: '実験が終わるまでに質問できませんでした。' },
  'overlaps-training': {
    en: 'The arm’s model was trained on the question, or on nearly the same.',
    ja: 'この案のモデルが、同じ質問またはよく似た質問で学習しています。',
  },
};
