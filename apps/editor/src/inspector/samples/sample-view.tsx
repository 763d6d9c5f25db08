import type { PortKind } from '@kumiki/flow';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { z } from 'zod';
import { tunedModelsQuery } from '../../api/tuned-models.ts';
import { formatCount } from '../../i18n/format.ts';
import { Icon } from '../../icons/icon.tsx';
import { useAppearance } from '../../theme/appearance.ts';
import type { KeptValue } from '../use-kept-value.ts';
import { ConversationsView } from './conversations-view.tsx';
import { DataSetView } from './data-set-view.tsx';
import { LongText } from './long-text.tsx';
import { PassagesView } from './passages-view.tsx';
import {
  type ChunkSample,
  chunkItemSchema,
  conversationItemSchema,
  type DocumentSample,
  dataSetSchema,
  documentItemSchema,
  indexSchema,
  messageSchema,
  modelSchema,
  passageSchema,
  readItems,
  templateSchema,
} from './read-sample.ts';
import styles from './samples.module.css';

type SampleViewProps = {
  readonly kind: PortKind;
  readonly items: readonly unknown[];
  /** How many there were in all; the sample has at most 20 of them. */
  readonly total: number;
  /** How many are shown at first. */
  readonly first: number;
  readonly words: ReadonlySet<string>;
  readonly cited?: ReadonlySet<number>;
  /** What the newest build keeps in its place, where more than the sample can be shown. */
  readonly kept?: KeptValue | null;
  readonly asJson?: boolean;
};

const none: ReadonlySet<number> = new Set();

/** What went through a port, shown by its kind; as JSON where it is not what its kind says. */
export function SampleView(props: SampleViewProps) {
  const { kind, items, total, first, words, cited = none, kept = null, asJson = false } = props;
  const { t } = useTranslation();
  const language = useAppearance((appearance) => appearance.language);
  const [all, setAll] = useState(false);
  if (items.length === 0) return <p className={styles.empty}>{t('inspector.emptyOutput')}</p>;
  const shown = all ? items : items.slice(0, first);
  const hidden = total - shown.length;
  return (
    <>
      {asJson ? <JsonView items={shown} /> : showByKind({ kind, items: shown, words, cited, kept })}
      {hidden > 0 && (
        <button type="button" className={styles.more} disabled={all} onClick={() => setAll(true)}>
          {t('inspector.more', { number: formatCount(hidden, language) })}
          {!all && <Icon name="chevron-down" size={12} />}
        </button>
      )}
    </>
  );
}

type Shown = Required<Pick<SampleViewProps, 'kind' | 'items' | 'words' | 'cited' | 'kept'>>;

function showByKind({ kind, items, words, cited, kept }: Shown): ReactNode {
  switch (kind) {
    case 'passages': {
      const passages = readItems(passageSchema, items);
      if (passages !== null) return <PassagesView passages={passages} words={words} cited={cited} />;
      break;
    }
    case 'documents': {
      const documents = readItems(documentItemSchema, items);
      if (documents !== null) return <DocumentsView documents={documents} />;
      break;
    }
    case 'chunks':
    case 'vectors': {
      const chunks = readItems(chunkItemSchema, items);
      if (chunks !== null) return <ChunksView chunks={chunks} />;
      break;
    }
    case 'messages': {
      const messages = readItems(messageSchema, items);
      if (messages !== null) return <MessagesView messages={messages} />;
      break;
    }
    case 'conversations': {
      const conversations = readItems(conversationItemSchema, items);
      if (conversations !== null) return <ConversationsView conversations={conversations} />;
      break;
    }
    case 'dataset': {
      const [dataSet] = readItems(dataSetSchema, items) ?? [];
      if (dataSet !== undefined) return <DataSetView dataSet={dataSet} kept={kept} />;
      break;
    }
    case 'prompt-template': {
      const [template] = readItems(templateSchema, items) ?? [];
      if (template !== undefined) {
        const { system, template: user } = template;
        return (
          <MessagesView
            messages={[
              { role: 'system', content: system },
              { role: 'user', content: user },
            ]}
          />
        );
      }
      break;
    }
    case 'index': {
      const [index] = readItems(indexSchema, items) ?? [];
      if (index !== undefined) return <IndexView index={index} />;
      break;
    }
    case 'chat-model':
    case 'embedding-model':
    case 'rerank-model': {
      const [model] = readItems(modelSchema, items) ?? [];
      if (model !== undefined) return <ModelView model={model} />;
      break;
    }
    case 'text':
    case 'number':
    case 'boolean': {
      const [value] = items;
      if (typeof value === 'string') return <LongText text={value} />;
      if (typeof value === 'number' || typeof value === 'boolean')
        return <p className={styles.text}>{String(value)}</p>;
      break;
    }
    default:
      break;
  }
  return <JsonView items={items} />;
}

function DocumentsView({ documents }: { readonly documents: readonly DocumentSample[] }) {
  const { t } = useTranslation();
  const language = useAppearance((appearance) => appearance.language);
  return (
    <ul className={styles.items}>
      {documents.map(({ document, item }) => (
        <li key={document.id}>
          <h4>{document.name}</h4>
          <p className={styles.clamped}>{item.text}</p>
          <p className={styles.place}>
            <span>{readHeadings(item.headings).slice(0, 4).join(' · ')}</span>
            {item.pages.length > 0 && (
              <span>{t('documents.pages', { number: formatCount(item.pages.length, language) })}</span>
            )}
          </p>
        </li>
      ))}
    </ul>
  );
}

function readHeadings(headings: DocumentSample['item']['headings']): readonly string[] {
  return headings.flatMap((heading) => (typeof heading === 'string' ? [] : [heading.title]));
}

function ChunksView({ chunks }: { readonly chunks: readonly ChunkSample[] }) {
  const { t } = useTranslation();
  return (
    <ul className={styles.items}>
      {chunks.map(({ document, item }) => (
        <li key={`${document.id} ${item.ordinal}`}>
          <h4>{[document.name, ...item.headings].join(' › ')}</h4>
          <p className={styles.clamped}>{item.text}</p>
          <p className={styles.place}>
            <span>{t('inspector.chunkPlace', { ordinal: item.ordinal + 1, tokens: item.tokens })}</span>
            {item.vector !== undefined && <span>{t('inspector.vector', { dimensions: item.vector.dimensions })}</span>}
          </p>
        </li>
      ))}
    </ul>
  );
}

type Message = { readonly role: 'system' | 'user' | 'assistant'; readonly content: string };

function MessagesView({ messages }: { readonly messages: readonly Message[] }) {
  const { t } = useTranslation();
  return (
    <ul className={styles.items}>
      {messages.map(({ role, content }, place) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: messages of one prompt never change places
        <li key={place}>
          <h4>{t(`inspector.role.${role}`)}</h4>
          <LongText text={content} />
        </li>
      ))}
    </ul>
  );
}

function IndexView({
  index,
}: {
  readonly index: { documents: number; chunks: number; embeddingModel: { name: string } };
}) {
  const { t } = useTranslation();
  const language = useAppearance((appearance) => appearance.language);
  return (
    <div className={styles.fact}>
      <p>
        {t('inspector.indexFacts', {
          documents: formatCount(index.documents, language),
          chunks: formatCount(index.chunks, language),
        })}
      </p>
      <small>{index.embeddingModel.name}</small>
    </div>
  );
}

function ModelView({ model }: { readonly model: z.infer<typeof modelSchema> }) {
  const { t } = useTranslation();
  const facts = [
    model.adapter == null ? null : t('models.tuned', { digest: shortenDigest(model.adapter.digest) }),
    model.host === 'embedded' ? t('models.embedded') : model.host,
    model.dimensions === undefined ? null : t('models.dimensions', { dimensions: model.dimensions }),
    model.digest === null ? t('models.unpinned') : shortenDigest(model.digest),
  ].filter((fact) => fact !== null);
  return (
    <div className={styles.fact}>
      <p>{model.name}</p>
      <small>{facts.join(' · ')}</small>
      {model.adapter != null && <TunedModelLink digest={model.adapter.digest} />}
    </div>
  );
}

/** Leads to what is known of a tuned model, where it is still kept. */
function TunedModelLink({ digest }: { readonly digest: string }) {
  const { t } = useTranslation();
  const { data } = useInfiniteQuery(tunedModelsQuery);
  const kept = data?.pages.flatMap((page) => page.items).find((model) => model.digest === digest);
  if (kept === undefined) return null;
  return (
    <Link className={styles.link ?? ''} to="/tuned-models/$modelId" params={{ modelId: kept.id }}>
      {t('tunedModels.open')}
    </Link>
  );
}

function shortenDigest(digest: string): string {
  return digest.replace(/^sha256:/, '').slice(0, 12);
}

function JsonView({ items }: { readonly items: readonly unknown[] }) {
  return <pre className={styles.json}>{JSON.stringify(items.length === 1 ? items[0] : items, null, 2)}</pre>;
}
