/** A page without a word on it, as a scan has. */
export const blankPdf = `%PDF-1.4
1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj
2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj
3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 100 100]>>endobj
trailer<</Root 1 0 R>>
`;

/** The same page behind a password that nobody gave. */
export const protectedPdf = blankPdf.replace(
  '/Root 1 0 R',
  `/Root 1 0 R/Encrypt<</Filter/Standard/V 1/R 2/O<${'00'.repeat(32)}>/U<${'00'.repeat(32)}>/P -4>>/ID[<00><00>]`,
);

/** What Word makes of a document with a password: a container of Office's old kind with an encrypted package in it. */
export const protectedWord = Buffer.concat([
  Buffer.from('d0cf11e0a1b11ae1', 'hex'),
  Buffer.alloc(1_024),
  Buffer.from('EncryptedPackage', 'utf16le'),
]);

/** Says that it is a PDF and breaks off in the middle. */
export const brokenPdf = blankPdf.slice(0, 60);
