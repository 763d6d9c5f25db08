import { type IndexValue, KumikiError, type NodeContext } from '@kumiki/node-sdk';

/** The question's vector, by the very model that made the index. `text` is normalised; the prefix is added by the host. */
export async function embedQuery(index: IndexValue, text: string, context: NodeContext): Promise<Float32Array> {
  const [vector] = await context.models.embed(index.embeddingModel, [text], 'query');
  if (vector?.length === index.embeddingModel.dimensions) return vector;
  throw new KumikiError({
    code: 'model-changed',
    message: {
      en: `The embedding model “${index.embeddingModel.name}” now makes vectors of another length than those in the index. Build the flow again.`,
      ja: `埋め込みモデル「${index.embeddingModel.name}」がつくるベクトルの長さが、索引をつくったときと違います。もう一度構築してください。`,
    },
    status: 409,
    node: context.node,
  });
}
