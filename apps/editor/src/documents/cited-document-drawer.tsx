import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { collectionsQuery } from '../api/collections.ts';
import { useFlow } from '../flow/flow-context.tsx';
import { useCitedDocument } from './cited-document.ts';
import { DocumentDrawer } from './document-drawer.tsx';
import { DocumentText, PassageText } from './document-text.tsx';
import styles from './documents.module.css';
import { findLoadedFile } from './find-loaded-file.ts';

/** The document of a citation or of a found passage, scrolled to its place. */
export function CitedDocumentDrawer() {
  const { t } = useTranslation();
  const { place, close } = useCitedDocument();
  const document = useFlow((state) => state.document);
  const collections = useQuery({ ...collectionsQuery, enabled: place !== null });
  if (place === null) return null;
  const file = findLoadedFile(document, place.documentId);
  const collection =
    file === null
      ? undefined
      : collections.data?.find(({ id, name }) => name === file.collection || id === file.collection);
  return (
    <DocumentDrawer title={place.documentName} headings={place.headings} onClose={close}>
      {collections.isPending ? (
        <p className={styles.message}>{t('common.loading')}</p>
      ) : file === null || collection === undefined ? (
        <>
          <p className={styles.message}>{t('documents.noText')}</p>
          <PassageText place={place} />
        </>
      ) : (
        <>
          <p className={styles.from}>
            <Link to="/collections/$collectionId" params={{ collectionId: collection.id }} onClick={close}>
              {collection.name}
            </Link>
            {place.page !== null && <span>{t('documents.page', { page: place.page })}</span>}
          </p>
          <DocumentText collection={collection.id} name={file.name} place={place} />
        </>
      )}
    </DocumentDrawer>
  );
}
