export const documents = {
  dropHere: 'ここにファイルかフォルダーをドロップ',
  chooseFiles: 'ファイルを選ぶ',
  chooseFolder: 'フォルダーを選ぶ',
  kinds: 'テキスト、Markdown、HTML、PDF、Word、Excel、PowerPoint、EPUB、CSV',
  uploading: 'アップロード中 {{done}} / {{number}} 件',
  uploaded: '{{number}} 件のうち {{done}} 件をアップロードしました',
  characters: '{{number}} 文字',
  page: '{{page}} ページ',
  pages: '{{number}} ページ',
  toPassage: '引用箇所へ',
  noText: 'この文書の全文は表示できません。抜粋だけを表示しています。',
  changed: '文書が構築のあとで変わったため、引用箇所がずれているかもしれません。',
} as const;
