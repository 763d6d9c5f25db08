import type { FoundSpan } from './found-span.ts';

/** What stands before 様 and さん and is nobody's name. Compared with the end of what stands there. */
const notNames = new Set(
  [
    '客 皆 奥 旦那 神 王 仏 母 父 兄 姉 弟 妹 祖父 祖母 娘 息子 子 孫 嫁 婿 爺 婆 店員 店主 店長 業者 担当 担当者 関係者 先生 運転手 大家 社長 部長 課長 係長 主任 医者 看護師 弁護士 税理士 警察 学生 家族 本人 相手 疲れ 苦労 馳走 互い 世話 何 誰 姫 若 同 両 貴 各 摂 華 同行者 代表者 利用者 参加者 宿泊者 予約者 契約者 会員 住人 隣 女将 板前 職人 大工 業者 清掃員 郵便屋 本屋 花屋 魚屋 八百屋 電気屋 宿 旅館 連名 殿 仕 有 一 多 異 模 坊 親 赤 嬢 嬢さん',
    'スタッフ ドライバー オーナー メーカー ユーザー ゲスト サポート コンシェルジュ オペレーター ホテル フロント マネージャー ガイド シェフ パパ ママ テナント クライアント カスタマー アドバイザー スポンサー パートナー メンバー リーダー チーム グループ オペレータ',
    'たく みな おかあ おとう おにい おねえ おじい おばあ おじ おば おく おきゃく おつかれ ごくろう かあ とう にい ねえ じい ばあ みんな いろい さ むすめ おこ だれ なん ひとり ふたり おひとり おふたり あか',
  ].flatMap((words) => words.split(' ')),
);

const han = '\\p{sc=Han}々ヶ';
const kana = '\\p{sc=Katakana}ー・';
/** くん after a single character is as often the end of a verb: 行くん。 */
const honorific = `(?:様|さま|さん|氏|殿|(?<=[${han}${kana}]{2})(?:くん|君)|ちゃん)`;
const notHonorific = '(?!々|子|式|相|態|名|変|に会え|持ち|る|れ|り)';

const honoured = new RegExp(
  `(?<![${han}])(?<polite>[おご御]?)(?<name>[${han}]{1,5} [${han}\\p{sc=Hiragana}\\p{sc=Katakana}]{1,5}?|[${han}]{1,7}?|[${han}]{1,5}\\p{sc=Hiragana}{2,4}?|[${han}]{1,5}[${kana}]{2,8}|[A-Z][A-Za-z'-]{1,20}(?: [A-Z][A-Za-z'-]{1,20}){0,2}) ?${honorific}${notHonorific}`,
  'gu',
);
const honouredKana = new RegExp(`(?<![${kana}])(?<name>[${kana}]{2,12}) ?${honorific}${notHonorific}`, 'gu');
const honouredHiragana =
  /(?<![\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Han}])(?<name>\p{sc=Hiragana}{2,5}?)(?:さん|様|さま|氏)/gu;
const titled = /(?<![A-Za-z])(?:Mr|Mrs|Ms|Miss|Dr)\.? (?<name>[A-Z][A-Za-z'-]{1,20}(?: [A-Z][A-Za-z'-]{1,20})?)/g;
const said = new RegExp(
  `(?<=(?:氏名|お名前|名前|担当者?|宛名|受取人|契約者名|予約者名?)(?:は|:|：) ?)(?<name>[${han}]{1,4}[  ]?[${han}\\p{sc=Hiragana}\\p{sc=Katakana}]{0,5}?|[${kana}]{2,8}(?: [${kana}]{2,8})?)(?=です|でござ|と申|と言|といい|$|[\\s、。,，)）])`,
  'gmu',
);
const introduced = new RegExp(
  `(?<![${han}])(?<name>[${han}]{1,7}|[${han}]{1,5} ?[\\p{sc=Hiragana}]{2,4}|[${han}]{1,5} ?[${han}${kana}]{1,8}|(?<![${kana}])[${kana}]{2,8})(?=(?:と申します|と申しま|ともうします|といいます))`,
  'gu',
);

/** Names where something marks them: an honorific, a title, 「氏名：」, 「…と申します」. Only the name itself is found. */
export function findMarkedNames(text: string): readonly FoundSpan[] {
  const spans: FoundSpan[] = [];
  for (const shape of [honoured, honouredKana, honouredHiragana, titled, said, introduced]) {
    for (const match of text.matchAll(shape)) {
      const name = match.groups?.name?.trim() ?? '';
      const polite = match.groups?.polite ?? '';
      if (name === '' || polite !== '' || isNoName(name)) continue;
      const start = match.index + match[0].indexOf(name);
      const end = start + name.length;
      if (!spans.some((span) => span.start < end && start < span.end)) spans.push(makeName(start, end, name));
    }
  }
  return spans;
}

const notNameWithin = /会社|法人|組合|協会/;
const notNameEnd = /(?:病院|大学|支店|本店|営業所|事務所|センター|ホテル|旅館|部|課|店|屋|者|員|達|方|名|人|御)$/;

function isNoName(name: string): boolean {
  if (notNames.has(name) || notNameWithin.test(name) || notNameEnd.test(name)) return true;
  // What stands before a space is a family name, or a word that belongs to no name.
  const last = name.split(' ').at(-1) ?? name;
  return [...notNames].some((word) => word.length > 1 && last.endsWith(word));
}

/** Names that somebody lists, and those of speakers, wherever they stand; the longest first. */
export function findListedNames(text: string, names: readonly string[]): readonly FoundSpan[] {
  const spans: FoundSpan[] = [];
  const folded = text.toLowerCase();
  for (const name of names.toSorted((one, other) => other.length - one.length)) {
    const needle = name.toLowerCase();
    for (let start = folded.indexOf(needle); start >= 0; start = folded.indexOf(needle, start + needle.length)) {
      const end = start + needle.length;
      const isPart = isLatin(needle.at(0)) && isLatin(folded.at(start - 1)) && start > 0;
      const goesOn = isLatin(needle.at(-1)) && isLatin(folded.at(end));
      if (!isPart && !goesOn && !spans.some((span) => span.start < end && start < span.end))
        spans.push(makeName(start, end, name));
    }
  }
  return spans;
}

function makeName(start: number, end: number, name: string): FoundSpan {
  return { kind: 'name', start, end, identity: name.normalize('NFKC').replace(/\s/g, '').toLowerCase() };
}

function isLatin(character: string | undefined): boolean {
  return character !== undefined && /^[a-z0-9]$/i.test(character);
}
