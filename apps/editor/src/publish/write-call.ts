import { type FlowInput, parseInput } from '../panel/ask/read-interface.ts';

export const callStyles = ['plain', 'stream', 'chat'] as const;
export type CallStyle = (typeof callStyles)[number];

type Call = {
  /** Origin of this server: `https://kumiki.example`. */
  readonly origin: string;
  readonly slug: string;
  readonly inputs: readonly FlowInput[];
  /** The key's value, or what stands for it: `$KUMIKI_KEY`. */
  readonly key: string;
  readonly sampleQuestion: string;
};

/** Chat completions need a conversation as input, or exactly one text. */
export function canChat(inputs: readonly FlowInput[]): boolean {
  return inputs.some(({ kind }) => kind === 'messages') || inputs.filter(({ kind }) => kind === 'text').length === 1;
}

/** A command line that calls a published arm. The body stands in single quotes, so that only quotes in it are escaped. */
export function writeCall(style: CallStyle, call: Call): string {
  const { origin, slug, key } = call;
  const address = style === 'chat' ? `${origin}/v1/chat/completions` : `${origin}/v1/endpoints/${slug}`;
  const lines = [
    `curl${style === 'plain' ? '' : ' -N'} ${address}`,
    `-H "Authorization: Bearer ${key}"`,
    `-H 'Content-Type: application/json'`,
    ...(style === 'stream' ? [`-H 'Accept: text/event-stream'`] : []),
    `-d '${JSON.stringify(writeBody(style, call)).replaceAll("'", "'\\''")}'`,
  ];
  return lines.join(' \\\n  ');
}

function writeBody(style: CallStyle, { slug, inputs, sampleQuestion }: Call): unknown {
  if (style === 'chat') {
    const text = inputs.find(({ kind }) => kind === 'text');
    return {
      model: slug,
      stream: true,
      messages: [{ role: 'user', content: text?.example || sampleQuestion }],
    };
  }
  return { inputs: Object.fromEntries(inputs.map((input) => [input.name, sampleOf(input, sampleQuestion)])) };
}

function sampleOf({ kind, example }: FlowInput, sampleQuestion: string): unknown {
  const value = parseInput(kind, example);
  if (value !== undefined) return kind === 'messages' ? [{ role: 'user', content: sampleQuestion }] : value;
  switch (kind) {
    case 'number':
      return 1;
    case 'boolean':
      return true;
    case 'json':
      return {};
    default:
      return sampleQuestion;
  }
}
