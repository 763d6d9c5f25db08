import { describe, expect, it } from 'vitest';
import { makeDocx, makeDocxParagraph, makePagedPdf, makeZip, parse } from './testing/fixtures.ts';

const png = Buffer.from('89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000a49444154', 'hex');
const ole = Buffer.concat([Buffer.from('d0cf11e0a1b11ae1', 'hex'), Buffer.alloc(1024)]);
const encrypted = Buffer.concat([ole, Buffer.from('EncryptedPackage', 'utf16le')]);
const docx = makeDocx(makeDocxParagraph('本文'));
const pdf = makePagedPdf(['BT /F1 12 Tf 50 700 Td (Hello) Tj ET']);
const archive = makeZip({ 'a.txt': 'a' });

describe('parseDocument', () => {
  it.each<[string, string, Uint8Array | string]>([
    ['report.docx', 'document-type-mismatch', pdf],
    ['report.pdf', 'document-type-mismatch', docx],
    ['report.xlsx', 'document-type-mismatch', docx],
    ['report.docx', 'document-type-mismatch', archive],
    ['report.pdf', 'document-type-mismatch', 'これは PDF ではありません。'],
    ['notes.txt', 'document-type-mismatch', png],
    ['notes.txt', 'document-type-mismatch', pdf],
    ['notes.md', 'document-type-mismatch', Buffer.alloc(5000)],
    ['notes.txt', 'document-type-mismatch', '{\\rtf1 text}'],
    ['old.docx', 'document-type-mismatch', ole],
    ['photo.png', 'document-type-unknown', png],
    ['old.doc', 'document-type-unknown', ole],
    ['files.zip', 'document-type-unknown', archive],
    ['no-extension', 'document-type-unknown', Buffer.alloc(5000)],
    ['secret.docx', 'document-encrypted', encrypted],
    ['secret', 'document-encrypted', encrypted],
    ['cut.docx', 'document-damaged', docx.slice(0, 300)],
    ['cut.pdf', 'document-damaged', '%PDF-1.7\nnothing'],
    ['empty.txt', 'document-without-text', ''],
    ['blank.md', 'document-without-text', ' \n\u0000\n'],
  ])('says that %s is %s (%#)', async (name, code, content) => {
    await expect(parse(name, content)).rejects.toMatchObject({
      code,
      message: expect.stringContaining(`“${name}”`),
      text: { ja: expect.stringContaining(`「${name}」`) },
    });
  });

  it('names the types that it can read', async () => {
    await expect(parse('photo.png', png)).rejects.toMatchObject({
      text: {
        en: expect.stringMatching(/image \(PNG\).*PDF.*DOCX/s),
        ja: expect.stringMatching(/画像（PNG）.*PDF.*DOCX/s),
      },
    });
  });

  it.each([
    ['notes.md', 'ただの文章です。', 'text/markdown'],
    ['notes.txt', '# Markdown でも\n\n<p>HTML でもよい', 'text/plain'],
    ['notes', 'ただの文章です。', 'text/plain'],
    ['page', '<!-- c --><!DOCTYPE html><p>本文', 'text/html'],
    ['data.unknown', 'ただの文章です。', 'text/plain'],
    ['ID3.txt', 'ID3 tags are explained here.', 'text/plain'],
    ['REPORT.PDF', pdf, 'application/pdf'],
    ['no-extension', docx, 'application/vnd.openxmlformats-officedocument.wordprocessingml.document'],
  ])('reads %s by what is in it (%#)', async (name, content, mediaType) => {
    expect((await parse(name, content)).mediaType).toBe(mediaType);
  });

  it('keeps to its limits', async () => {
    await expect(parse('a.txt', 'あいうえお', { fileBytes: 10 })).rejects.toMatchObject({
      code: 'document-too-large',
      status: 413,
    });
    await expect(parse('a.txt', 'あいうえお', { textLength: 3 })).rejects.toMatchObject({ code: 'document-too-large' });
    await expect(parse('a.html', 'あいうえお', { textLength: 3 })).rejects.toMatchObject({
      code: 'document-too-large',
    });
    await expect(parse('a.docx', docx, { unpackedBytes: 100 })).rejects.toMatchObject({ code: 'document-too-large' });
    await expect(parse('a.docx', docx, { zipEntries: 3 })).rejects.toMatchObject({ code: 'document-too-large' });
    await expect(parse('a.pdf', makePagedPdf(['', '']), { pages: 1 })).rejects.toMatchObject({
      code: 'document-too-large',
    });
  });

  it('does not unpack a zip bomb', async () => {
    const bomb = makeZip({ '[Content_Types].xml': '', 'word/document.xml': new Uint8Array(64 * 1024 * 1024) });
    expect(bomb.length).toBeLessThan(100_000);
    const unpackedBytes = 32 * 1024 * 1024;
    await expect(parse('bomb.docx', bomb, { unpackedBytes })).rejects.toMatchObject({ code: 'document-too-large' });
  });

  it('does not believe a zip directory that lies about sizes', async () => {
    const liar = Buffer.from(makeZip({ '[Content_Types].xml': '', 'word/document.xml': new Uint8Array(1024 * 1024) }));
    for (let at = liar.indexOf('PK\u0001\u0002'); at >= 0; at = liar.indexOf('PK\u0001\u0002', at + 4))
      liar.writeUInt32LE(10, at + 24);
    await expect(parse('liar.docx', liar)).rejects.toMatchObject({ code: 'document-damaged' });
  });

  it('cleans the text: line ends, controls, lone surrogates, composed letters', async () => {
    const content = Buffer.from('\ufeffか\u3099\r\n一\u0000二\u0007\r三\ud800四①㈱', 'utf16le');
    expect((await parse('a.txt', content)).text).toBe('が\n一二\n三\ufffd四①㈱');
  });
});
