import { Button, Select, Switch, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { endpointsQuery, type PublishedEndpoint, usePublish } from '../api/endpoints.ts';
import { buildsQuery } from '../api/flows.ts';
import { useDerivedFlow, useFlow, useOpenFlow } from '../flow/flow-context.tsx';
import { formatTime } from '../i18n/format.ts';
import { useLocalised } from '../i18n/use-localised.ts';
import { Icon } from '../icons/icon.tsx';
import { FormActions } from '../pages/form-actions.tsx';
import pages from '../pages/pages.module.css';
import { readInterface } from '../panel/ask/read-interface.ts';
import { Dialog } from '../shell/dialog.tsx';
import { reportError } from '../shell/notices.ts';
import { useAppearance } from '../theme/appearance.ts';
import { CallExamples } from './call-examples.tsx';
import { KeyChoice } from './key-choice.tsx';
import styles from './publish.module.css';
import { isSlug, suggestSlug } from './slug.ts';

/** Publishes an arm of the open flow as an endpoint, then shows how to call it. */
export function PublishDialog({ onClose }: { readonly onClose: () => void }) {
  const { t } = useTranslation();
  const [published, setPublished] = useState<PublishedEndpoint | null>(null);
  return (
    <Dialog onClose={onClose} title={published === null ? t('publish.title') : t('publish.done')} size={600}>
      {published === null ? (
        <PublishForm onPublished={setPublished} onClose={onClose} />
      ) : (
        <Published endpoint={published} onClose={onClose} />
      )}
    </Dialog>
  );
}

type PublishFormProps = { readonly onPublished: (endpoint: PublishedEndpoint) => void; readonly onClose: () => void };

function PublishForm({ onPublished, onClose }: PublishFormProps) {
  const { t } = useTranslation();
  const language = useAppearance((appearance) => appearance.language);
  const id = useFlow((state) => state.id);
  const name = useFlow((state) => state.document.name);
  const { control } = useOpenFlow();
  const { graph } = useDerivedFlow();
  const { arms } = readInterface(graph);
  const { data: builds } = useQuery(buildsQuery(id));
  const { data: endpoints } = useQuery(endpointsQuery);
  const publish = usePublish();
  const own = endpoints?.find(({ routes }) => routes.some((route) => route.flow === id));
  const [typedSlug, setSlug] = useState<string | null>(null);
  const [arm, setArm] = useState<string | null>(null);
  const [buildNumber, setBuildNumber] = useState<number | null>(null);
  const [follow, setFollow] = useState(true);

  const slug = typedSlug ?? own?.slug ?? suggestSlug(name, id);
  const output = arms.find((candidate) => candidate.name === arm)?.name ?? arms[0]?.name;
  const build = builds?.items.find(({ number }) => number === buildNumber) ?? builds?.items[0];
  const replaced = endpoints?.find((endpoint) => endpoint.slug === slug);
  const isValid = isSlug(slug);

  if (arms.length === 0) return <p className={styles.prose}>{t('publish.noArm')}</p>;
  if (builds?.items.length === 0) {
    return (
      <>
        <p className={styles.prose}>{t('publish.noBuild')}</p>
        <div className={styles.actions}>
          <Button onClick={onClose}>{t('common.cancel')}</Button>
          <Button
            variant="filled"
            leftSection={<Icon name="build" />}
            onClick={() => {
              void control.build().catch(reportError);
              onClose();
            }}
          >
            {t('shell.build')}
          </Button>
        </div>
      </>
    );
  }

  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!isValid || build === undefined || output === undefined) return;
    const routes = [{ flow: id, version: build.version, build: build.number, output, weight: 1 }];
    publish.mutate({ endpoint: { slug, follow, routes }, replace: replaced !== undefined }, { onSuccess: onPublished });
  };
  return (
    <form onSubmit={submit} className={pages.form}>
      <p className={styles.prose}>{t('publish.intro')}</p>
      <TextInput
        label={t('publish.slug')}
        description={t('publish.slugHint')}
        leftSection={<span className={styles.prefix}>/v1/endpoints/</span>}
        leftSectionWidth={112}
        value={slug}
        maxLength={63}
        data-autofocus
        spellCheck={false}
        error={isValid ? null : t('publish.slugInvalid')}
        onChange={(event) => setSlug(event.currentTarget.value)}
      />
      {replaced?.routes.every((route) => route.flow !== id) === true && (
        <p className={styles.notice}>{t('publish.replaces')}</p>
      )}
      <div className={styles.pair}>
        <Select
          label={t('publish.arm')}
          data={arms.map((candidate) => candidate.name)}
          value={output ?? null}
          allowDeselect={false}
          onChange={setArm}
        />
        <Select
          label={t('publish.build')}
          data={(builds?.items ?? []).map(({ number, version, createdAt }) => ({
            value: String(number),
            label: t('publish.buildOption', { number, version, time: formatTime(createdAt, language) }),
          }))}
          value={build === undefined ? null : String(build.number)}
          allowDeselect={false}
          onChange={(value) => setBuildNumber(value === null ? null : Number(value))}
        />
      </div>
      <Switch
        size="xs"
        checked={follow}
        label={t('publish.follow')}
        description={follow ? t('publish.followHint') : t('publish.pinned')}
        classNames={{ body: styles.follow ?? '', label: styles.followLabel ?? '', description: styles.hint ?? '' }}
        onChange={(event) => setFollow(event.currentTarget.checked)}
      />
      <FormActions
        submit={replaced === undefined ? t('publish.submit') : t('publish.update')}
        isWorking={publish.isPending}
        isDisabled={!isValid || build === undefined || output === undefined}
        error={publish.error}
        onClose={onClose}
      />
    </form>
  );
}

type PublishedProps = { readonly endpoint: PublishedEndpoint; readonly onClose: () => void };

function Published({ endpoint: { slug, warnings }, onClose }: PublishedProps) {
  const { t } = useTranslation();
  const localise = useLocalised();
  const { graph } = useDerivedFlow();
  const [key, setKey] = useState<string | null>(null);
  return (
    <div className={pages.form}>
      <p className={styles.address}>
        <Icon name="check" />
        <code>
          {location.origin}/v1/endpoints/{slug}
        </code>
      </p>
      {warnings.map(({ code, node, message }) => (
        <p key={`${code} ${node}`} className={styles.notice} role="status">
          {localise(message)}
        </p>
      ))}
      <KeyChoice slug={slug} onKey={setKey} />
      <CallExamples slug={slug} inputs={readInterface(graph).inputs} keyValue={key} />
      <div className={styles.actions}>
        <Link to="/endpoints">{t('publish.toEndpoints')}</Link>
        <span className={styles.grow} />
        <Button variant="filled" onClick={onClose}>
          {t('common.close')}
        </Button>
      </div>
    </div>
  );
}
