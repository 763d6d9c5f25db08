/** Writes packages/client/src/schema.d.ts from the contract's OpenAPI document. `--check` fails where it is stale. */
import { readFile, writeFile } from 'node:fs/promises';
import openapiTypescript, { astToString } from 'openapi-typescript';
import { describeContract } from '../../../apps/server/src/contract/document.ts';

const target = new URL('../src/schema.d.ts', import.meta.url);
const document = JSON.stringify(describeContract('0.1.0'));
const source = `// Made from the OpenAPI document of the server: npm run generate -w @kumiki/client\n${astToString(await openapiTypescript(document))}`;

if (process.argv.includes('--check')) {
  if ((await readFile(target, 'utf8')) !== source) {
    console.error('packages/client/src/schema.d.ts is stale: npm run generate -w @kumiki/client');
    process.exitCode = 1;
  }
} else {
  await writeFile(target, source);
}
