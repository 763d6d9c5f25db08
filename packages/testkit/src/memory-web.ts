import type { WebAccess, WebAnswer, WebRequest } from '@kumiki/node-sdk';

export type MemoryAnswer = {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
};

/** A web in memory: what it answers by address, and all that it was asked. What is not there answers 404. */
export class MemoryWeb implements WebAccess {
  readonly pages = new Map<string, MemoryAnswer | ((request: WebRequest) => MemoryAnswer)>();
  readonly requests: WebRequest[] = [];

  /** Every request as `GET https://…`, in order. */
  get log(): readonly string[] {
    return this.requests.map(({ method = 'GET', url }) => `${method} ${url}`);
  }

  async fetch(request: WebRequest): Promise<WebAnswer> {
    this.requests.push(request);
    const page = this.pages.get(request.url) ?? { status: 404 };
    const { status = 200, headers = {}, body = '' } = typeof page === 'function' ? page(request) : page;
    const content = request.method === 'HEAD' ? '' : body;
    return { url: request.url, status, headers, body: new TextEncoder().encode(content) };
  }
}
