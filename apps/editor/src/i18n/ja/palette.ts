export const palette = {
  find: '部品を探す',
  nothing: '「{{query}}」に合う部品はありません。',
  nothingFits: 'ここにつなげる部品はありません。',
  fits: '「{{kind}}」につながる部品',
  feeds: '「{{kind}}」を出す部品',
  addHint: 'クリックか Enter で追加、ドラッグで好きな場所に置けます。',
  present: 'このフローの部品',
  presentPort: '{{node}} の「{{port}}」',
  legend: 'ポートの種類',
  types: '、{{number}} 種類',
} as const;
