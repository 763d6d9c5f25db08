import { readdirSync, readFileSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import { createDocumentParser } from './document-parser.ts';

/** Real files that nobody here wrote; see the README beside them. */
const folder = new URL('../../../../shared/data/documents/', import.meta.url);
const parser = createDocumentParser({ timeoutMilliseconds: 20_000, memoryMegabytes: 256 });
const signal = new AbortController().signal;

async function parseShared(path: string) {
  const name = path.slice(path.indexOf('/') + 1);
  return parser.parse({ name, mediaType: null, content: readFileSync(new URL(path, folder)) }, signal);
}

afterAll(() => parser.close());

describe('well-formed documents', () => {
  it.each([
    ['shift-jis.pdf', 'Hello ASCII 日本語テスト'],
    ['testEPUB.epub', 'Plus a simple div'],
    ['testEXCEL.xlsx', 'Number: 12 | Square: 144'],
    ['testHTML.html', 'Indexation du fichier'],
    ['testHTML_charset_utf16le.html', 'This is a sample text'],
    ['testPDF.pdf', 'Apache Tika is a toolkit for detecting and extracting metadata and structured text content'],
    ['testPPT.pptx', 'This is a test file data with the same content'],
    ['testWORD.docx', 'This is a sample Microsoft Word Document'],
  ])('%s gives its text', async (name, words) => {
    expect((await parseShared(`well-formed/${name}`)).text).toContain(words);
  });

  it('are all looked at', () => {
    expect(readdirSync(new URL('well-formed/', folder))).toHaveLength(8);
  });
});

describe('hostile documents', () => {
  const codes = /^document-(encrypted|without-text|damaged|type-unknown|type-mismatch|too-large|timeout)$/;

  it.each(readdirSync(new URL('hostile/', folder)))('%s ends in clean text or in a named error', async (name) => {
    const [result] = await Promise.allSettled([parseShared(`hostile/${name}`)]);
    if (result?.status === 'rejected') {
      expect(result.reason.code).toMatch(codes);
      return;
    }
    expect(result?.value.text.isWellFormed()).toBe(true);
    expect(result?.value.text).not.toContain('\u0000');
  });

  it.each([
    ['testEXCEL_protected_passtika.xlsx', 'document-encrypted'],
    ['testWORD_protected_passtika.docx', 'document-encrypted'],
    ['droste.zip', 'document-type-unknown'],
    ['testZIP_corrupted_oom.zip', 'document-type-unknown'],
    ['quine.gz', 'document-type-unknown'],
    ['REDHAT-1531897-0.pdf', 'document-damaged'],
    ['poppler-395-0-fuzzed.pdf', 'document-damaged'],
    ['testArabicMisleadingCharset.html', 'document-damaged'],
    ['empty_protected.pdf', 'document-without-text'],
    ['external-picture.docx', 'document-without-text'],
  ])('%s is %s', async (name, code) => {
    await expect(parseShared(`hostile/${name}`)).rejects.toMatchObject({ code });
  });

  it('naughty strings pass through', async () => {
    const source = readFileSync(new URL('hostile/naughty-strings.json', folder), 'utf8');
    const { text } = await parseShared('hostile/naughty-strings.json');
    expect(text).toContain('田中さんにあげて下さい');
    expect(text).toContain('⒯⒣⒠ ⒬⒰⒤⒞⒦');
    expect(text.length).toBeGreaterThan(source.length * 0.98);
  });
});
