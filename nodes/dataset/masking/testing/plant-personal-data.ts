import { hasLuhnDigit, hasMyNumberDigit } from '../find-numbers.ts';
import type { PersonalDataKind } from '../found-span.ts';

/** Draws the same from the same seed (mulberry32). */
export class Drawing {
  #state: number;

  constructor(seed: number) {
    this.#state = seed;
  }

  number(below: number): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * below);
  }

  one<Value>(values: readonly [Value, ...Value[]]): Value {
    return values[this.number(values.length)] ?? values[0];
  }

  digits(length: number): string {
    return Array.from({ length }, () => this.number(10)).join('');
  }

  /** `#` for any digit, `$` for one that a subscriber's number may begin with; all else as it is. */
  fill(shape: string): string {
    return shape.replace(/[#$]/g, (mark) => `${mark === '#' ? this.number(10) : 2 + this.number(8)}`);
  }

  letters(length: number, alphabet = 'abcdefghijkmnpqrstuvwxyz'): string {
    return Array.from({ length }, () => alphabet.charAt(this.number(alphabet.length))).join('');
  }
}

const families = [
  '佐藤',
  '鈴木',
  '高橋',
  '田中',
  '伊藤',
  '渡辺',
  '山本',
  '中村',
  '小林',
  '加藤',
  '吉田',
  '佐々木',
  '長谷川',
  '東',
  '森',
  '林',
  '五十嵐',
  '勅使河原',
  '斎藤',
  '小野寺',
] as const;
const givens = [
  '花子',
  '太郎',
  'さくら',
  '一郎',
  '美咲',
  '健',
  '陽子',
  '翔太',
  'めぐみ',
  '葵',
  'ケンジ',
  '真由美',
] as const;
const kanaNames = ['スミス', 'ジョンソン', 'グエン', 'マリア', 'タナカ', 'サトウ'] as const;
const cities = [
  '東京都渋谷区神宮前',
  '東京都港区芝公園',
  '大阪府大阪市北区梅田',
  '神奈川県横浜市西区みなとみらい',
  '北海道札幌市中央区北一条西',
  '京都府京都市東山区祇園町南側',
  '島根県出雲市大社町杵築東',
  '千葉県浦安市舞浜',
  '愛知県名古屋市中区栄',
  '沖縄県那覇市おもろまち',
  '埼玉県さいたま市大宮区桜木町',
  '長野県北佐久郡軽井沢町軽井沢',
  '福岡県福岡市博多区博多駅前',
  '東京都町田市つくし野',
  '鹿児島県大島郡龍郷町赤尾木',
] as const;
const bareCities = [
  '横浜市西区みなとみらい',
  '札幌市中央区大通西',
  'さいたま市浦和区高砂',
  '那覇市松山',
  '世田谷区三軒茶屋',
  '新宿区西新宿',
  '豊島区東池袋',
] as const;
const buildings = [
  '',
  '',
  ' コーポ青葉203号室',
  ' サンハイツ 101',
  '第二山田ビル5階',
  ' グリーンマンション1205号室',
  ' 302号室',
] as const;

const fullWidth = (text: string) =>
  text.replace(/[0-9]/g, (digit) => String.fromCharCode(digit.charCodeAt(0) + 0xfee0));

/** A value of a kind, as people write it. */
export function drawValue(kind: Exclude<PersonalDataKind, 'own'>, drawing: Drawing): string {
  switch (kind) {
    case 'phone': {
      const shape = drawing.one([
        '03-$###-####',
        '06-$###-####',
        '045-###-####',
        '011-###-####',
        '0463-##-####',
        '0853-##-####',
        '01267-#-####',
        '090-$###-####',
        '080-$###-####',
        '070-$###-####',
        '050-$###-####',
        '0120-###-###',
        '0120-##-####',
        '0800-###-####',
        '0570-###-###',
        '(03)$###-####',
        '03($###)####',
        '03 $### ####',
        '090 $### ####',
        '03.$###.####',
        '+81-3-$###-####',
        '+81 90 $### ####',
        '+8190$#######',
        '+81-(0)45-###-####',
        '090$#######',
        '080$#######',
        '0120######',
        '03$#######',
        '045#######',
      ]);
      const value = drawing.fill(shape);
      const wide = drawing.number(6);
      if (wide === 0) return fullWidth(value).replaceAll('-', '－');
      return wide === 1
        ? fullWidth(value)
            .replaceAll('-', 'ー')
            .replaceAll('+', '＋')
            .replace(/^[^ー]*$/, value)
        : value;
    }
    case 'email': {
      const local = drawing.one([
        `${drawing.letters(5)}.${drawing.letters(6)}`,
        `${drawing.letters(7)}${drawing.digits(2)}`,
        `${drawing.letters(3)}_${drawing.letters(4)}+shop`,
        `info-${drawing.letters(4)}`,
      ]);
      const value = `${local}@${drawing.letters(7)}.${drawing.one(['co.jp', 'com', 'ne.jp', 'example.org', 'tokyo.jp'])}`;
      return drawing.number(8) === 0 ? value.replace('@', '＠') : value;
    }
    case 'card': {
      const [head, length] = drawing.one<[string, number]>([
        ['4', 16],
        ['51', 16],
        ['55', 16],
        ['2221', 16],
        ['3530', 16],
        ['3589', 16],
        ['34', 15],
        ['37', 15],
        ['36', 14],
        ['6011', 16],
      ]);
      const digits = completeDigits(head + drawing.digits(length - head.length - 1), hasLuhnDigit);
      if (length !== 16) return digits;
      const parts = digits.match(/.{4}/g) ?? [];
      return drawing.one([digits, parts.join('-'), parts.join(' '), fullWidth(parts.join('-'))]);
    }
    case 'myNumber': {
      const digits = completeDigits(drawing.digits(11), hasMyNumberDigit);
      const parts = digits.match(/.{4}/g) ?? [];
      return drawing.one([digits, parts.join(' '), parts.join('-'), fullWidth(digits)]);
    }
    case 'url': {
      const random = drawing.letters(12, 'abcdefghijkmnpqrstuvwxyz0123456789') + drawing.fill('#k#q#w#z#x#p');
      return drawing.one([
        `https://example.com/reset?token=${random}`,
        `https://shop.example.jp/login?user=7&session_id=${random}`,
        `https://files.example.com/s/${random}`,
        `https://user:${drawing.letters(6)}@example.com/`,
        `https://example.com/d?X-Amz-Signature=${random}`,
        `https://example.com/i#access_token=${random}`,
        `https://example.com/share/${drawing.fill('########-####-4###-8###-############')}`,
      ]);
    }
    case 'address': {
      const numbers = drawing.one([
        drawing.fill('1-#-2#'),
        drawing.fill('2丁目3-#'),
        drawing.fill('三丁目#番2号'),
        drawing.fill('1##番地'),
        drawing.fill('4丁目#番地5'),
        drawing.fill('2-1#'),
      ]);
      const place = drawing.number(3) === 0 ? drawing.one(bareCities) : drawing.one(cities);
      const value = `${place}${numbers}${drawing.one(buildings)}`;
      return drawing.number(4) === 0 ? fullWidth(value) : value;
    }
    case 'name':
      return drawing.one([
        drawing.one(families),
        `${drawing.one(families)}${drawing.one(givens)}`,
        `${drawing.one(families)} ${drawing.one(givens)}`,
        drawing.one(kanaNames),
      ]);
  }
}

function completeDigits(digits: string, isComplete: (digits: string) => boolean): string {
  for (let last = 0; last < 10; last++) if (isComplete(`${digits}${last}`)) return `${digits}${last}`;
  throw new Error('No digit completes them');
}

/** Sentences that a value stands in. `%` is where. */
export const carriers: Readonly<Record<Exclude<PersonalDataKind, 'own'>, readonly [string, ...string[]]>> = {
  phone: [
    '電話番号は%です。',
    '%までお電話ください',
    'TEL:%',
    '連絡先：%（携帯）',
    '日中は%につながります',
    '折り返しは、%へお願いします。',
  ],
  email: ['メールは%です。', '%までご連絡ください', '宛先:<%>', '「%」に送りました'],
  card: ['カードは%です', 'カード番号：%', '%で払いました。'],
  myNumber: ['マイナンバーは%です', '個人番号：%', '%を提出しました。'],
  url: ['こちらから確認できます。%', 'リンク：%', '%を開いてください', '（%）'],
  address: ['住所は%です。', '送り先：%', '%に送ってください', '〒150-0001 %', '%まで配達をお願いします'],
  name: [
    '%様、いつもお世話になっております。',
    '担当の%さんにお伝えください。',
    '昨日、%氏からご連絡をいただきました。',
    '%と申します。',
    'お名前：%',
    '%さまのご予約を承りました',
    '%様',
  ],
};

/** What looks like personal data and is none. */
export function drawInnocent(drawing: Drawing): string {
  return drawing.fill(
    drawing.one([
      '注文番号は0312######です。',
      '注文番号：090########',
      '受注番号 0123-45-####',
      '伝票番号：####-####-####',
      'お問い合わせ番号 ####-####-####',
      '追跡番号は############です',
      '商品コード 4#########1で検索してください',
      '型番：AB-0120-###',
      'ISBN 978-4-#####-##2-1',
      '会員番号0#########',
      '予約番号 No.0#########',
      '2024-0#-1#の便です',
      '2024年1#月2#日 1#:3#に着きます',
      '3-4日かかります',
      '料金は12,###円、税込みで13,###円です',
      '1-2名でご利用ください',
      '20##-20##年版',
      'バージョン 1#.2#.3#',
      'IP は 192.168.1#.2#',
      '郵送は #-#週間後になります',
      '部品は 100-####です',
      '席は 12-3# です',
      '東京都に行きました',
      '島根県出雲市の宿を探しています',
      '札幌市では5-6月が見ごろです',
      '横浜市内で2-3時間ほど過ごします',
      '新宿区は便利ですね',
      '市区町村の窓口で1-2回手続きします',
      '大阪府内なら1-2日で届きます',
      'お客様のご都合に合わせます',
      '皆様によろしくお伝えください',
      'お疲れ様です',
      '仕様を確認します',
      '様子を見ます',
      'たくさんあります',
      '店員さんに聞きました',
      'スタッフさんが親切でした',
      '業者さんが来ます',
      'お母さんと行きます',
      '同様に願います',
      'ご担当者様にお伝えください',
      '摂氏2#度です',
      '氏名をご記入ください',
      '多様な部屋があります',
      'お子様は無料です',
      'ホテル様に確認します',
      '株式会社青葉様',
      '運転手さんを待ちます',
      'https://example.com/products/summer-sale-2024-new-arrivals',
      'https://example.com/search?q=京都&page=2',
      'https://docs.example.jp/guide/01-getting-started.html',
      'https://example.com/news/20240105#section-2',
      'メンションは @support です',
      '@channel お知らせ',
      '単価は@500円です',
      'スコアは 3-2 でした',
      '第1-3章を読みました',
      '残高は 1234567890123 円',
      '口座番号 ####### です',
      '123#-5678-9012-3456 は試験用です',
    ]),
  );
}
