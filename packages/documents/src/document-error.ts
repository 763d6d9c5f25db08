import { KumikiError } from '@kumiki/node-sdk';

export type DocumentErrorCode =
  | 'document-encrypted'
  | 'document-without-text'
  | 'document-damaged'
  | 'document-type-unknown'
  | 'document-type-mismatch'
  | 'document-too-large'
  | 'document-timeout';

/** What happened, without the name of the file: it is put in front, and the advice after it. */
type Problem = { readonly en: string; readonly ja: string };

const advice: Readonly<Record<DocumentErrorCode, Problem>> = {
  'document-encrypted': {
    en: 'is protected by a password. Save a copy without the password and upload that.',
    ja: 'はパスワードで保護されています。パスワードを外した複製を保存し、それをアップロードしてください。',
  },
  'document-without-text': {
    en: 'has no text in it. If it is a scan, run it through character recognition (OCR) first.',
    ja: 'には文字が含まれていません。スキャン画像の場合は、先に文字認識（OCR）を行ってください。',
  },
  'document-damaged': {
    en: 'is damaged and could not be read. Open it in the program that made it and save it again.',
    ja: 'は壊れていて読み取れませんでした。作成したアプリで開き、保存し直してください。',
  },
  'document-type-unknown': {
    en: 'is of a type that cannot be read.',
    ja: 'は読み取れない種類のファイルです。',
  },
  'document-type-mismatch': {
    en: 'is not what its name says.',
    ja: 'は、拡張子と中身の種類が違います。',
  },
  'document-too-large': {
    en: 'is too large to be read. Split it into smaller files.',
    ja: 'は大きすぎて読み取れません。小さなファイルに分けてください。',
  },
  'document-timeout': {
    en: 'took too long to read. Split it into smaller files, or save it as plain text.',
    ja: 'の読み取りに時間がかかりすぎたため、中止しました。小さなファイルに分けるか、テキスト形式で保存してください。',
  },
};

/**
 * The error that a file ends in: one sentence on what is wrong with which file, and what to do. `detail` says more,
 * such as what was found instead; `cause` goes to the log only.
 */
export function documentError(
  code: DocumentErrorCode,
  name: string,
  options: { readonly detail?: Problem; readonly cause?: unknown } = {},
): KumikiError {
  const { en, ja } = advice[code];
  const { detail, cause } = options;
  return new KumikiError({
    code,
    status: code === 'document-too-large' ? 413 : 422,
    message: {
      en: `“${name}” ${en}${detail === undefined ? '' : ` ${detail.en}`}`,
      ja: `「${name}」${ja}${detail === undefined ? '' : detail.ja}`,
    },
    ...(cause === undefined ? {} : { cause }),
  });
}
