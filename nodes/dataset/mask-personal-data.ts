import {
  type Conversation,
  type Document,
  type DocumentHead,
  defineNode,
  type Metadata,
  type NodeContext,
  port,
  type Stream,
  type StreamElement,
} from '@kumiki/node-sdk';
import { z } from 'zod';
import { isRoleName } from './choose-assistant.ts';
import { maskDocument } from './masking/mask-document.ts';
import { MaskReport } from './masking/mask-report.ts';
import { foldName, type MaskedText, Masker, type MaskRules } from './masking/mask-texts.ts';
import { compileOwnPatterns, isPattern } from './masking/own-patterns.ts';

const settings = z.object({
  names: z.boolean().default(true),
  email: z.boolean().default(true),
  phone: z.boolean().default(true),
  address: z.boolean().default(true),
  card: z.boolean().default(true),
  myNumber: z.boolean().default(true),
  urls: z.boolean().default(true),
  listed: z.string().max(100_000).default(''),
  kept: z.string().max(20_000).default(''),
  patterns: z
    .array(
      z.object({
        label: z
          .string()
          .min(1)
          .max(30)
          .regex(/^[^[\]\s]*[^[\]\s\d]$/),
        pattern: z.string().min(1).max(1_000).refine(isPattern),
      }),
    )
    .max(50)
    .default([]),
  language: z.enum(['ja', 'en']).default('ja'),
});

type Settings = z.output<typeof settings>;
type Item = Conversation | Document;
type Read<T> = Extract<StreamElement<T>, { items: unknown }>;

/**
 * Personal data out of conversations or documents, before anything is made of them: what goes on is safe to keep, to search and
 * to learn from. Placeholders are the same for the same thing within one conversation or document, and say nothing across
 * them.
 */
export const maskPersonalData = defineNode({
  type: 'dataset/mask-personal-data',
  version: 1,
  behaviour: 1,
  effect: 'pure',
  perDocument: true,
  title: { en: 'Mask personal data', ja: '個人情報を伏せる' },
  description: {
    en: 'Puts placeholders such as [PHONE1] in the place of names, numbers and addresses, in conversations and documents alike. It finds much, not all: look at the preview.',
    ja: '氏名・電話番号・住所などを [電話番号1] のような目印に置き換えます。会話にも文書にも使えます。すべてを見つけられるとは限らないため、結果を確認してください。',
  },
  settings,
  settingTexts: {
    names: {
      title: { en: 'Names', ja: '氏名' },
      description: {
        en: 'Speakers, and names that are marked: 様, さん, 氏, Mr, “My name is” in Japanese. Roles such as “operator” stay.',
        ja: '話者名のほか、「様」「さん」「氏」や「と申します」などで氏名と分かるものを伏せます。「オペレーター」のような役割名は残します。',
      },
    },
    email: { title: { en: 'E-mail addresses', ja: 'メールアドレス' } },
    phone: {
      title: { en: 'Telephone numbers', ja: '電話番号' },
      description: {
        en: 'Landline, mobile, IP and free dial numbers of Japan, also with +81. Numbers of orders and parcels stay.',
        ja: '日本の固定電話・携帯電話・IP 電話・フリーダイヤルが対象で、+81 の表記にも対応しています。注文番号や伝票番号は残します。',
      },
    },
    address: {
      title: { en: 'Postal addresses', ja: '住所' },
      description: {
        en: 'Addresses of Japan with a house number, and postal codes. Names of towns alone stay.',
        ja: '番地まで書かれた日本の住所と郵便番号を伏せます。地名だけなら残します。',
      },
    },
    card: {
      title: { en: 'Card numbers', ja: 'カード番号' },
      description: { en: 'Those whose check digit is right.', ja: 'チェックデジットの合う番号を伏せます。' },
    },
    myNumber: {
      title: { en: 'My Number', ja: 'マイナンバー' },
      description: {
        en: 'Twelve digits whose check digit is right.',
        ja: 'チェックデジットの合う 12 桁の番号を伏せます。',
      },
    },
    urls: {
      title: { en: 'URLs with tokens', ja: 'トークンを含む URL' },
      description: {
        en: 'Links that open something for whoever has them, with a token, a key, a session or a password.',
        ja: 'トークン、キー、セッション、パスワードなどを含むリンクを伏せます。',
      },
    },
    listed: {
      title: { en: 'Also these names', ja: '必ず伏せる名前' },
      description: {
        en: 'One a line. They go wherever they stand.',
        ja: '1 行に 1 つ書きます。どこにあっても伏せます。',
      },
      widget: 'textarea',
    },
    kept: {
      title: { en: 'Never these names', ja: '伏せない名前' },
      description: {
        en: 'One a line: names of your own staff or products that may stay.',
        ja: '1 行に 1 つ書きます。自社の担当者名や商品名など、残してよいものを指定します。',
      },
      widget: 'textarea',
      advanced: true,
    },
    patterns: {
      title: { en: 'Own patterns', ja: '独自のパターン' },
      description: {
        en: 'Regular expressions in the syntax of RE2, for customer numbers and the like.',
        ja: '会員番号などを、正規表現（RE2 の文法）で指定します。',
      },
      entries: {
        label: { title: { en: 'Placeholder', ja: '目印の名前' } },
        pattern: { title: { en: 'Pattern', ja: 'パターン' } },
      },
      advanced: true,
    },
    language: {
      title: { en: 'Language of placeholders', ja: '目印の言語' },
      options: { ja: { en: 'Japanese', ja: '日本語' }, en: { en: 'English', ja: '英語' } },
      advanced: true,
    },
  },
  inputs: {
    items: port.oneOf(['conversations', 'documents'], {
      title: { en: 'conversations or documents', ja: '会話または文書' },
    }),
  },
  outputs: { items: port.oneOf(['conversations', 'documents'], { title: { en: 'masked', ja: '伏せた結果' } }) },
  portRules: [{ rule: 'same-kind', outputs: ['items'], inputs: ['items'] }],
  resources: ['cpu'],
  async run({ settings, inputs: { items }, context }) {
    // An element comes out as the kind that it came in as, which is more than the type of a generator can say.
    return { items: maskStream(items, settings, context) as Stream<Conversation> };
  },
});

async function* maskStream(
  stream: AsyncIterable<StreamElement<Conversation> | StreamElement<Document>>,
  settings: Settings,
  context: NodeContext,
): AsyncGenerator<StreamElement<Item>> {
  const rules = readRules(settings);
  const report = new MaskReport();
  let done = 0;
  for await (const element of stream) {
    context.signal.throwIfAborted();
    yield 'error' in element ? element : maskElement(element, rules, report);
    done += 1;
    context.progress({ done, total: null, unit: 'documents' });
  }
  const message = report.describe();
  if (message !== null) context.warn({ code: 'personal-data-masked', message });
}

function readRules(settings: Settings): MaskRules {
  const { names, email, phone, address, card, myNumber, urls, language } = settings;
  const chosen = { name: names, email, phone, address, card, myNumber, url: urls } as const;
  const kinds = (['name', 'email', 'phone', 'address', 'card', 'myNumber', 'url'] as const).filter(
    (kind) => chosen[kind],
  );
  return {
    kinds: new Set(kinds),
    names: readLines(settings.listed),
    kept: new Set(readLines(settings.kept).map(foldName)),
    findOwn: compileOwnPatterns(settings.patterns),
    language,
  };
}

function readLines(text: string): readonly string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

/** What was masked of which kind is written beside the document, for whoever makes a data set or an index of it. */
function maskElement(
  { document, items, ...rest }: Read<Item>,
  rules: MaskRules,
  report: MaskReport,
): StreamElement<Item> {
  const counts = new Map<string, number>();
  const count = (label: string) => counts.set(label, (counts.get(label) ?? 0) + 1);
  const masker = new Masker(rules);
  const masked = items.map((item) => {
    if ('utterances' in item) return maskConversation(item, rules, (text) => report.add(text, count));
    const { document: plain, texts } = maskDocument(item, masker);
    for (const text of texts) report.add(text, count);
    return plain;
  });
  return {
    ...rest,
    document: { ...document, metadata: { ...maskMetadata(document, masker), masked: Object.fromEntries(counts) } },
    items: masked,
  };
}

/** A title is often the first line of the text, and goes into the index with it. */
function maskMetadata({ metadata }: DocumentHead, masker: Masker): Metadata {
  const entries = Object.entries(metadata);
  return Object.fromEntries(
    entries.map(([name, value]) => [name, typeof value === 'string' ? masker.mask(value).text : value]),
  );
}

function maskConversation(
  conversation: Conversation,
  rules: MaskRules,
  tell: (masked: MaskedText) => void,
): Conversation {
  const hidden = new Map<string, string>();
  for (const { speaker } of rules.kinds.has('name') ? conversation.utterances : [])
    hidden.set(speaker, findPerson(speaker));
  const masker = new Masker(
    rules,
    [...hidden.values()].filter((person) => person !== ''),
  );
  const utterances = conversation.utterances.map((utterance) => {
    const masked = masker.mask(utterance.text);
    tell(masked);
    const person = hidden.get(utterance.speaker) ?? '';
    const speaker =
      person === '' ? utterance.speaker : utterance.speaker.replace(person, () => masker.maskName(person));
    return { ...utterance, speaker, text: masked.text };
  });
  return { ...conversation, utterances };
}

/** The name within a speaker's: 「担当 田中」 is one by the name of 田中 in a role, which tells who the assistant is. */
function findPerson(speaker: string): string {
  const parts = speaker.split(/\s+/);
  const from = parts.findIndex((part) => !isRoleName(part));
  const to = parts.findLastIndex((part) => !isRoleName(part));
  if (from < 0) return '';
  const start = parts.slice(0, from).reduce((at, part) => speaker.indexOf(part, at) + part.length, 0);
  const end = parts.slice(to + 1).reduceRight((at, part) => speaker.lastIndexOf(part, at - 1), speaker.length);
  return speaker.slice(start, end).trim();
}
