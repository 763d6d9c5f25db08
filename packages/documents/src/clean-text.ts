/**
 * Radicals that stand for whole characters. Unicode gives the Kangxi block (U+2F00…) a compatibility mapping, but hardly
 * any of the supplement (U+2E80…), whose characters macOS writes into PDFs in place of 長, 青, 西, 食 and others.
 * From EquivalentUnifiedIdeograph.txt, those that look the same in Japanese fonts.
 */
const supplementRadicals: ReadonlyMap<string, string> = new Map(
  Object.entries({
    '⺀': '冫',
    '⺁': '厂',
    '⺅': '亻',
    '⺉': '刂',
    '⺊': '卜',
    '⺋': '㔾',
    '⺒': '巳',
    '⺓': '幺',
    '⺖': '忄',
    '⺘': '扌',
    '⺙': '攵',
    '⺛': '旡',
    '⺝': '月',
    '⺞': '歺',
    '⺟': '母',
    '⺠': '民',
    '⺡': '氵',
    '⺣': '灬',
    '⺦': '丬',
    '⺨': '犭',
    '⺩': '王',
    '⺫': '目',
    '⺬': '示',
    '⺭': '礻',
    '⺮': '竹',
    '⺯': '糹',
    '⺲': '罒',
    '⺶': '羊',
    '⺹': '耂',
    '⺾': '艹',
    '⺿': '艹',
    '⻀': '艹',
    '⻁': '虎',
    '⻂': '衤',
    '⻃': '覀',
    '⻄': '西',
    '⻆': '角',
    '⻌': '辶',
    '⻍': '辶',
    '⻎': '辶',
    '⻏': '阝',
    '⻑': '長',
    '⻒': '镸',
    '⻖': '阝',
    '⻗': '雨',
    '⻘': '青',
    '⻝': '食',
    '⻞': '食',
    '⻟': '飠',
    '⻣': '骨',
    '⻤': '鬼',
    '⻨': '麦',
    '⻩': '黄',
    '⻫': '斉',
    '⻭': '歯',
    '⻯': '竜',
    '⻱': '亀',
    '⻲': '亀',
    '⻳': '亀',
  }),
);

/** PDFs draw glyphs, and some name the glyph of 日 by its radical ⽇. Gives back the characters that were meant. */
export function restoreIdeographs(text: string): string {
  return text
    .replace(/[\u2f00-\u2fdf\ufb00-\ufb06]/g, (character) => character.normalize('NFKC'))
    .replace(/[\u2e80-\u2eff]/g, (radical) => supplementRadicals.get(radical) ?? radical.normalize('NFKC'));
}

/** Han, kana and full-width forms: scripts that are written without spaces. */
export const spacelessScript = '\\u2e80-\\u30ff\\u3400-\\u9fff\\uf900-\\ufaff\\uff01-\\uff9f';

const lineEndInJapanese = new RegExp(`([${spacelessScript}])[ \\t]*\\n\\s*(?=[${spacelessScript}])`, 'g');

/** Folds white space as a browser does, but for a line end between two Japanese characters, which was no space. */
export function foldWhiteSpace(text: string): string {
  return text.replace(lineEndInJapanese, '$1').replace(/[ \t\n\r\f]+/g, ' ');
}
