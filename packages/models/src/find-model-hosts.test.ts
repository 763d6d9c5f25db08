import { describe, expect, it } from 'vitest';
import { findModelHosts } from './find-model-hosts.ts';
import { sendJson, startFakeHttpServer } from './testing/fake-http-server.ts';

describe('findModelHosts', () => {
  it('finds an Ollama at an address without a scheme', async () => {
    const { address } = await startFakeHttpServer((_, response) => sendJson(response, 200, { version: '0.34.1' }));
    const found = await findModelHosts({ ollamaAddress: address.replace('http://', '') });
    expect(found).toEqual([{ kind: 'ollama', address, version: '0.34.1' }]);
  });

  it('looks at home where a server listens everywhere', async () => {
    const { address } = await startFakeHttpServer((_, response) => sendJson(response, 200, { version: '1' }));
    const found = await findModelHosts({ ollamaAddress: address.replace('http://127.0.0.1', '0.0.0.0') });
    expect(found).toEqual([{ kind: 'ollama', address, version: '1' }]);
  });

  it('finds nothing at what is no address', async () => {
    expect(await findModelHosts({ ollamaAddress: 'file:///etc' })).toEqual([]);
  });

  it('finds nothing where something else answers, or nobody in time', async () => {
    const other = await startFakeHttpServer((_, response) => sendJson(response, 200, { hello: 'world' }));
    expect(await findModelHosts({ ollamaAddress: other.address })).toEqual([]);
    const silent = await startFakeHttpServer(() => undefined);
    expect(await findModelHosts({ ollamaAddress: silent.address })).toEqual([]);
  });
});
