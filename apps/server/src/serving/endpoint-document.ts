import type { JsonSchema, JsonValue } from '@kumiki/flow';
import { describeInputs, type FlowInput } from './flow-interface.ts';

const citationSchema: JsonValue = {
  type: 'object',
  description: 'One place of the answer and the passage that it rests on. Offsets count UTF-16 code units.',
  properties: {
    number: { type: 'integer', description: 'What stands between the brackets in the answer' },
    kind: { enum: ['marker', 'sentence'] },
    documentId: { type: 'string' },
    documentName: { type: 'string' },
    headings: { type: 'array', items: { type: 'string' } },
    page: { type: ['integer', 'null'] },
    start: { type: 'integer' },
    end: { type: 'integer' },
    text: { type: 'string' },
    quote: { type: 'string' },
    answerStart: { type: 'integer' },
    answerEnd: { type: 'integer' },
  },
};

const answerSchema: JsonValue = {
  type: 'object',
  required: ['output', 'citations', 'usage', 'run', 'arm'],
  properties: {
    output: {},
    citations: { type: 'array', items: citationSchema },
    usage: {
      type: 'object',
      properties: { promptTokens: { type: 'integer' }, completionTokens: { type: 'integer' } },
    },
    run: { type: 'string', format: 'uuid' },
    arm: {
      type: 'object',
      properties: {
        flow: { type: 'string', format: 'uuid' },
        version: { type: 'integer' },
        build: { type: 'integer' },
        output: { type: 'string' },
      },
    },
  },
};

const problemSchema: JsonValue = {
  type: 'object',
  required: ['type', 'title', 'status', 'detail', 'code'],
  properties: {
    type: { type: 'string' },
    title: { type: 'string' },
    status: { type: 'integer' },
    detail: { type: 'string' },
    code: { type: 'string' },
    node: { type: 'string' },
    path: { type: 'string' },
  },
};

function problem(description: string): JsonValue {
  return { description, content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } } };
}

/** The OpenAPI 3.1 document of one endpoint: its inputs are those of the flow that it serves. */
export function describeEndpoint(endpoint: {
  readonly slug: string;
  readonly flowName: string;
  readonly address: string;
  readonly inputs: readonly FlowInput[];
}): Record<string, JsonValue> {
  const remembering = endpoint.inputs.find(({ kind }) => kind === 'messages')?.name ?? null;
  return {
    openapi: '3.1.0',
    info: { title: endpoint.flowName, version: '1' },
    servers: [{ url: endpoint.address }],
    security: [{ key: [] }],
    paths: {
      [`/v1/endpoints/${endpoint.slug}`]: {
        post: {
          operationId: 'ask',
          summary: endpoint.flowName,
          parameters: [
            {
              name: 'Idempotency-Key',
              in: 'header',
              description: 'The same key with the same body gives the same answer, for 24 hours',
              schema: { type: 'string', maxLength: 200 },
            },
            {
              name: 'Prefer',
              in: 'header',
              description: '`respond-async` answers 202 at once; `Location` tells where the run is',
              schema: { type: 'string' },
            },
          ],
          requestBody: {
            required: true,
            content: {
              'application/json': {
                schema: {
                  type: 'object',
                  required: ['inputs'],
                  properties: {
                    inputs: describeQuestion(endpoint.inputs, remembering),
                    conversation: {
                      type: 'string',
                      minLength: 1,
                      maxLength: 200,
                      description: describeConversation(remembering),
                    },
                    subject: {
                      type: 'string',
                      maxLength: 200,
                      description: 'The person who asks, in words of yours, who always gets the same arm',
                    },
                  },
                },
              },
            },
          },
          responses: {
            200: {
              description: 'The answer; streamed where the request accepts text/event-stream',
              content: {
                'application/json': { schema: { $ref: '#/components/schemas/Answer' } },
                'text/event-stream': {
                  schema: { type: 'string', description: 'Events `delta` { text }, and at last `answer` or `error`' },
                },
              },
            },
            202: {
              description:
                'Accepted; `Location` tells where the run is, and `/events`, `/cancel` and `/feedback` below it',
            },
            401: problem('No key, or an unknown one'),
            403: problem('The key may not call this endpoint'),
            409: problem('`not-built`, `model-changed` or `adapter-not-served`'),
            422: problem(
              'An input is missing or of the wrong kind, or it cannot be told what is said in the conversation',
            ),
            503: problem('The model host or the database is down'),
          },
        },
      },
    },
    components: {
      schemas: { Answer: answerSchema, Problem: problemSchema },
      securitySchemes: { key: { type: 'http', scheme: 'bearer' } },
    },
  };
}

/** A conversation brings what was said before, so that a request may leave it out. */
function describeQuestion(inputs: readonly FlowInput[], remembering: string | null): JsonSchema {
  const schema = describeInputs(inputs);
  return { ...schema, required: inputs.map(({ name }) => name).filter((name) => name !== remembering) };
}

function describeConversation(remembering: string | null): string {
  const keeps = 'A name of yours. The conversation keeps the arm that answered it first.';
  if (remembering === null) return `${keeps} This flow takes no messages, so that it remembers nothing else.`;
  return `${keeps} What was said in it before comes first in the input \`${remembering}\`, which is required without a conversation; what this request says is kept with its answer: the messages that it gives, else its one text.`;
}
