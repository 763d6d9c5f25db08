/**
 * The part of node-llama-cpp 3.22 that is used here. The package itself lies in the runtime's folder, which is installed
 * when first needed, so its own types are not there when this is checked.
 */
export type Token = number & { readonly __token: never };

export type LlamaModule = {
  getLlama(options: {
    readonly build: 'never';
    readonly gpu: false;
    readonly maxThreads: number;
    readonly logLevel: 'error';
  }): Promise<Llama>;
  readonly LlamaGrammarEvaluationState: new (options: {
    readonly model: LlamaModel;
    readonly grammar: LlamaGrammar;
  }) => LlamaGrammarState;
};

export type LlamaGrammar = { readonly grammar: string };
export type LlamaGrammarState = { clone(): LlamaGrammarState };

export type Llama = {
  loadModel(options: { readonly modelPath: string }): Promise<LlamaModel>;
  createGrammarForJsonSchema(schema: unknown): Promise<LlamaGrammar>;
};

export type LlamaModel = {
  readonly fileInfo: { readonly metadata: unknown };
  readonly trainContextSize: number;
  readonly embeddingVectorSize: number;
  readonly tokens: {
    readonly bos: Token | null;
    readonly bosString: string | null;
    readonly eosString: string | null;
    readonly shouldPrependBosToken: boolean;
  };
  tokenize(text: string, specialTokens?: boolean, options?: 'trimLeadingSpace'): Token[];
  detokenize(tokens: readonly Token[], specialTokens?: boolean, lastTokens?: readonly Token[]): string;
  isSpecialToken(token: Token): boolean;
  isEogToken(token: Token): boolean;
  createContext(options: {
    readonly contextSize: number;
    readonly sequences: number;
    readonly batchSize: number;
    readonly threads: number;
    readonly failedCreationRemedy: false;
    /** What it loads stays in memory as long as the model does. */
    readonly lora?: { readonly adapters: readonly { readonly filePath: string }[] };
  }): Promise<LlamaContext>;
  createEmbeddingContext(options: {
    readonly contextSize: number;
    readonly batchSize: number;
    readonly threads: number;
  }): Promise<LlamaEmbeddingContext>;
};

export type LlamaContext = {
  getSequence(): LlamaSequence;
  dispose(): Promise<void>;
};

export type LlamaEmbeddingContext = {
  getEmbeddingFor(tokens: readonly Token[]): Promise<{ readonly vector: readonly number[] }>;
  dispose(): Promise<void>;
};

export type LlamaSequence = {
  readonly contextSize: number;
  readonly nextTokenIndex: number;
  eraseContextTokenRanges(ranges: readonly { readonly start: number; readonly end: number }[]): Promise<void>;
  evaluateWithoutGeneratingNewTokens(tokens: readonly Token[]): Promise<void>;
  evaluate(
    tokens: readonly Token[],
    options: {
      readonly temperature: number;
      readonly topK: number;
      readonly topP: number;
      readonly minP: number;
      readonly seed: number;
      readonly yieldEogToken: true;
      readonly grammarEvaluationState?: LlamaGrammarState;
    },
  ): AsyncGenerator<Token, void>;
};
