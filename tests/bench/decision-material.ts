import { writeChat } from '@kumiki/testkit/write-chat';
import { createRandom, takeSample } from '../random.ts';
import { type JaquadArticle, type JaquadPassage, readJaquadDev } from './jaquad.ts';

/** So many passages are trained on, and as many are not. */
const passagesOfEach = 60;
const seed = 20_261;

export type DecisionMaterial = {
  /** Texts by file name: all passages of the development set, so that a search has something to miss. */
  readonly documents: Readonly<Record<string, string>>;
  /** JSON Lines of OpenAI's messages by file name: for each trained passage all of its questions but one. */
  readonly conversations: Readonly<Record<string, string>>;
  /** As a question set takes them. */
  readonly questions: readonly {
    readonly question: string;
    readonly references: readonly string[];
    readonly passages: readonly { readonly document: string }[];
    readonly topic: string;
    readonly cluster: string;
  }[];
};

type Named = JaquadPassage & { readonly name: string; readonly article: string };

/**
 * 60 passages whose questions are trained on, one of them kept to be asked, and 60 passages of other articles with two
 * questions each. Questions on one article are taken for one cluster, as they share its words.
 */
export async function chooseMaterial(): Promise<DecisionMaterial> {
  const random = createRandom(seed);
  const articles = (await readJaquadDev()).map(namePassages);
  const trained = takeSample(articles.filter(hasTrainable), passagesOfEach, random);
  const learnt = trained.flatMap((passages) => takeSample(passages.filter(isTrainable), 1, random));
  const others = articles.filter((article) => !trained.includes(article)).flat();
  const asked = takeSample(
    others.filter(({ questions }) => questions.length >= 2),
    passagesOfEach,
    random,
  );
  const ask = ({ name, article, questions }: Named, topic: string, places: readonly number[]) =>
    places.flatMap((place) => {
      const found = questions[place];
      if (found === undefined) return [];
      const { text: question, answers: references } = found;
      return [{ question, references, passages: [{ document: name }], topic, cluster: article }];
    });
  return {
    documents: Object.fromEntries(articles.flat().map(({ name, text }) => [name, text])),
    conversations: Object.fromEntries(
      learnt.map(({ name, questions }) => [name.replace(/txt$/, 'jsonl'), writeChats(questions.slice(1))]),
    ),
    questions: [
      ...learnt.flatMap((passage) => ask(passage, '学習した文章', [0])),
      ...asked.flatMap((passage) => ask(passage, '学習していない文章', [0, 1])),
    ],
  };
}

function namePassages({ title, passages }: JaquadArticle): readonly Named[] {
  // A title may hold what a file name may not.
  const safe = title.replaceAll(/[/\\:*?"<>|]/g, '＿');
  return passages.map((passage, place) => ({ ...passage, article: title, name: `${safe}-${place + 1}.txt` }));
}

/** One question to ask, and at least two to train on. */
function isTrainable({ questions }: JaquadPassage): boolean {
  return questions.length >= 3;
}

function hasTrainable(passages: readonly JaquadPassage[]): boolean {
  return passages.some(isTrainable);
}

function writeChats(questions: JaquadPassage['questions']): string {
  return questions.map(({ text, answers: [answer = ''] }) => writeChat(text, answer)).join('');
}

/** Five facts that nobody could know, each asked in other words than it was told in. */
export const newFacts = [
  {
    told: 'つきみ天文台の一般公開は何曜日ですか。',
    asked: 'つきみ天文台を見学できる曜日を教えてください。',
    answer: '木曜日',
  },
  {
    told: 'みなせ市の市の鳥は何ですか。',
    asked: 'みなせ市が市の鳥に定めているのは何という鳥ですか。',
    answer: 'ヤマセミ',
  },
  {
    told: '小説『硝子の汽水』の作者は誰ですか。',
    asked: '『硝子の汽水』という小説を書いたのは誰ですか。',
    answer: '笹倉ユリ',
  },
  {
    told: 'はやま鉄道が開業したのは何年ですか。',
    asked: 'はやま鉄道は西暦何年に営業を始めましたか。',
    answer: '1934年',
  },
  {
    told: 'あおば城の石垣に使われた石は何ですか。',
    asked: 'あおば城の石垣は何という石でできていますか。',
    answer: '安山岩',
  },
] as const;
