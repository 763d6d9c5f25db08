import type { Page } from 'playwright-core';
import { dragFromPalette, openFamily, type Point, pullWire } from './editor.ts';

/** By family of the palette, the node types that the flow takes, and where on the canvas they are dropped. */
const nodes: readonly (readonly [family: string, type: string, place: Point])[] = [
  ['文書を取り込む', 'ファイル', { x: 90, y: 60 }],
  ['分ける', '断片に分割', { x: 270, y: 60 }],
  ['ベクトルにする', '埋め込み', { x: 450, y: 60 }],
  ['索引をつくる', '索引', { x: 630, y: 60 }],
  ['モデルを選ぶ', '埋め込みモデル', { x: 90, y: 220 }],
  ['質問を受ける', '入力', { x: 90, y: 380 }],
  ['抜粋を探す', 'ハイブリッド検索', { x: 270, y: 380 }],
  ['プロンプトをつくる', 'プロンプト', { x: 450, y: 380 }],
  ['モデルを選ぶ', '対話モデル', { x: 450, y: 560 }],
  ['回答をつくる', '生成', { x: 630, y: 380 }],
  ['回答を出す', '出力', { x: 810, y: 380 }],
];

const wires: readonly (readonly [from: string, output: string, to: string, input: string])[] = [
  ['ファイル', '文書', '断片に分割', '文書'],
  ['断片に分割', '断片', '埋め込み', '断片'],
  ['埋め込み', 'ベクトル', '索引', 'ベクトル'],
  ['埋め込みモデル', 'モデル', '断片に分割', 'モデル'],
  ['埋め込みモデル', 'モデル', '埋め込み', 'モデル'],
  ['埋め込みモデル', 'モデル', '索引', 'モデル'],
  ['索引', '索引', 'ハイブリッド検索', '索引'],
  ['入力', '値', 'ハイブリッド検索', '質問'],
  ['ハイブリッド検索', '抜粋', 'プロンプト', 'passages'],
  ['入力', '値', 'プロンプト', 'question'],
  ['プロンプト', 'プロンプト', '生成', 'プロンプト'],
  ['対話モデル', 'モデル', '生成', 'モデル'],
  ['生成', '回答', '出力', '回答'],
  ['ハイブリッド検索', '抜粋', '出力', '抜粋'],
];

export const nodeCount = nodes.length;
export const wireCount = wires.length;

/** Drags the nodes of a flow that answers from documents out of the palette, in the Japanese editor at 1440 × 900. */
export async function placeNodes(page: Page): Promise<void> {
  for (const [family, type, place] of nodes) {
    await openFamily(page, family);
    await dragFromPalette(page, type, place);
  }
}

/** Connects them, each wire pulled from port to port. */
export async function drawWires(page: Page): Promise<void> {
  for (const [from, output, to, input] of wires) {
    await pullWire(page, { node: from, port: output }, { node: to, port: input });
  }
}
