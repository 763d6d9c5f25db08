import Encoding from 'encoding-japanese';
import { describe, expect, it } from 'vitest';
import { decodeText } from './decode-text.ts';

const samples = [
  'お問い合わせありがとうございます。\nご注文の商品は明日発送いたします。',
  'サーバーの設定を変更してください。HTTP/2 と TLS 1.3 に対応しています。\r\n',
  '東京都千代田区霞が関1-2-3',
  'はい',
  '見積書（第３版）　株式会社組木　様',
  '解約したい場合は、管理画面の「契約情報」から手続きしてください。'.repeat(50),
  '名前,部署,内線\n田中,営業部,1234\n鈴木,開発部,5678\n',
];

function encode(text: string, to: 'SJIS' | 'EUCJP' | 'JIS' | 'UTF8'): Uint8Array {
  return Uint8Array.from(Encoding.convert(Encoding.stringToCode(text), { to, from: 'UNICODE' }));
}

describe('decodeText', () => {
  describe.each(samples)('%j', (text) => {
    it.each(['SJIS', 'EUCJP', 'JIS', 'UTF8'] as const)('in %s', (encoding) => {
      expect(decodeText(encode(text, encoding))).toBe(text);
    });

    it('in UTF-8 and UTF-16 with a byte order mark', () => {
      expect(decodeText(Buffer.from(`\ufeff${text}`))).toBe(text);
      expect(decodeText(Buffer.from(`\ufeff${text}`, 'utf16le'))).toBe(text);
      expect(decodeText(Buffer.from(`\ufeff${text}`, 'utf16le').swap16())).toBe(text);
    });
  });

  it.each(samples.filter((text) => text.includes('\n') || text.length > 100))('%j in UTF-16 without a mark', (text) => {
    expect(decodeText(Buffer.from(text, 'utf16le'))).toBe(text);
    expect(decodeText(Buffer.from(text, 'utf16le').swap16())).toBe(text);
  });

  it('knows the characters that Windows added to Shift_JIS', () => {
    // ①㈱髙﨑～, and half-width ｶﾅ
    const bytes = Buffer.from('874087 8afbfc fab1 8160 b6c5'.replaceAll(' ', ''), 'hex');
    expect(decodeText(Buffer.concat([encode('これは環境依存文字です：', 'SJIS'), bytes]))).toBe(
      'これは環境依存文字です：①㈱髙﨑～ｶﾅ',
    );
  });

  it('believes a declaration that the bytes agree with, and no other', () => {
    const text = '短い';
    expect(decodeText(encode(text, 'EUCJP'), 'euc-jp')).toBe(text);
    expect(decodeText(encode(samples[0] ?? '', 'SJIS'), 'utf-8')).toBe(samples[0]);
    expect(decodeText(encode(samples[0] ?? '', 'SJIS'), 'iso-8859-1')).toBe(samples[0]);
    expect(decodeText(Buffer.from(samples[0] ?? ''), 'shift_jis')).toBe(samples[0]);
    expect(decodeText(encode(samples[0] ?? '', 'SJIS'), 'no-such-charset')).toBe(samples[0]);
  });

  it('reads UTF-8 with a broken character, and Western text', () => {
    const cut = Buffer.from(samples[0] ?? '').subarray(0, -1);
    expect(decodeText(cut)).toMatch(/^お問い合わせ.*\ufffd$/s);
    expect(decodeText(Buffer.from('Crème brûlée, déjà vu', 'latin1'))).toMatch(/^Crème brûlée/);
  });

  it('reads a long file of which only the beginning was looked at', () => {
    const text = 'これは長い文書の一行です。\n'.repeat(30_000);
    expect(decodeText(encode(text, 'SJIS'))).toBe(text);
  });

  it('takes no data for text', () => {
    expect(decodeText(Buffer.from(Array.from({ length: 4096 }, (_, index) => (index * 7919) % 256)))).toBeNull();
    expect(decodeText(Buffer.alloc(4096))).toBeNull();
  });
});
