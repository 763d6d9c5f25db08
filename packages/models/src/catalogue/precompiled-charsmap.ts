import { Buffer } from 'node:buffer';

type TrieNode = { readonly children: Map<number, TrieNode>; value: number | null };

/**
 * Builds SentencePiece's `precompiled_charsmap`: the length of a double array in bytes, that double array (a trie over
 * UTF-8 bytes in darts-clone's units), and the replacements, each ended by NUL. llama.cpp's unigram tokenizer rewrites
 * text by it before it looks for pieces.
 * Source of the layout: https://github.com/s-yata/darts-clone and SentencePiece's normalizer.
 */
export function buildPrecompiledCharsmap(normalisation: ReadonlyMap<number, string>): Uint8Array {
  const root: TrieNode = { children: new Map(), value: null };
  const replacements: Buffer[] = [];
  const offsets = new Map<string, number>();
  let length = 0;
  for (const [codePoint, replacement] of normalisation) {
    if (codePoint === 0) continue;
    let offset = offsets.get(replacement);
    if (offset === undefined) {
      offset = length;
      const bytes = Buffer.from(`${replacement}\0`, 'utf8');
      replacements.push(bytes);
      length += bytes.length;
      offsets.set(replacement, offset);
    }
    insert(root, Buffer.from(String.fromCodePoint(codePoint), 'utf8'), offset);
  }
  const units = layOut(root);
  const array = Buffer.alloc(4 + units.length * 4);
  array.writeUInt32LE(units.length * 4);
  units.forEach((unit, index) => {
    array.writeUInt32LE(unit, 4 + index * 4);
  });
  return Buffer.concat([array, ...replacements]);
}

function insert(root: TrieNode, key: Uint8Array, value: number): void {
  let node = root;
  for (const byte of key) {
    let child = node.children.get(byte);
    if (child === undefined) {
      child = { children: new Map(), value: null };
      node.children.set(byte, child);
    }
    node = child;
  }
  node.value = value;
}

const capacity = 1 << 20;
const blockSize = 256;
const hasLeaf = 1 << 8;
const leafMark = 0x8000_0000;

/** Places every node's children at `base ^ label`, first fit, so that equal tries give equal arrays. */
function layOut(root: TrieNode): Uint32Array {
  const units = new Uint32Array(capacity);
  const used = new Uint8Array(capacity);
  used[0] = 1;
  let end = 1;
  let firstFree = 1;

  const place = (node: TrieNode, index: number): void => {
    const labels = [...node.children.keys(), ...(node.value === null ? [] : [0])];
    const [firstLabel] = labels;
    if (firstLabel === undefined) return;
    while (used[firstFree] === 1) firstFree += 1;
    let base = 0;
    for (let slot = firstFree; base === 0; slot += 1) {
      const candidate = slot ^ firstLabel;
      const fits = labels.every((label) => (candidate ^ label) > 0 && used[candidate ^ label] === 0);
      if (used[slot] === 0 && fits) base = candidate;
    }
    const offset = index ^ base;
    if (offset >= 1 << 21) throw new Error('The normalisation table is too large for a double array.');
    units[index] = (units[index] ?? 0) | (offset << 10) | (node.value === null ? 0 : hasLeaf);
    for (const label of labels) {
      const slot = base ^ label;
      used[slot] = 1;
      end = Math.max(end, slot + 1);
      units[slot] = label === 0 ? (node.value ?? 0) | leafMark : label;
    }
    for (const [label, child] of node.children) place(child, base ^ label);
  };

  place(root, 0);
  return units.subarray(0, Math.ceil(end / blockSize) * blockSize);
}
