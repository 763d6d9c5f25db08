import { Button, PasswordInput } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiError, describeError } from '../api/problem.ts';
import { useSignIn } from '../api/session.ts';
import { useLocalised } from '../i18n/use-localised.ts';
import { Logo } from '../icons/logo.tsx';
import { TurningArc } from '../icons/state-icon.tsx';
import { AppearanceSwitches } from '../shell/appearance-switches.tsx';
import styles from './sign-in-page.module.css';

/** Signs in by the one-time token of the link, or by a password where one is set. */
export function SignInPage() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const [token] = useState(readToken);
  const { mutate, error, isPending, isIdle } = useSignIn();
  const [password, setPassword] = useState('');
  const spent = useRef<string | null>(null);

  useEffect(() => {
    // A one-time token is spent once, also where effects run twice; and it does not stay in the address.
    if (token === null || spent.current === token) return;
    spent.current = token;
    history.replaceState(null, '', '/sign-in');
    mutate({ token }, { onSuccess: () => navigate({ to: '/flows', replace: true }) });
  }, [token, mutate, navigate]);

  const submit = (event: FormEvent) => {
    event.preventDefault();
    mutate({ password }, { onSuccess: () => navigate({ to: '/flows', replace: true }) });
  };

  const byLink = token !== null && password === '';
  return (
    <main className={styles.page}>
      <div className={styles.switches}>
        <AppearanceSwitches />
      </div>
      <div className={styles.card}>
        <h1 className={styles.brand}>
          <Logo size={30} />
          <span>{t('common.product')}</span>
          <small lang="ja">{t('common.productJa')}</small>
        </h1>
        {byLink && (isPending || isIdle) ? (
          <p className={styles.working} role="status">
            <TurningArc /> {t('signIn.working')}
          </p>
        ) : (
          <form onSubmit={submit}>
            <SignInError error={error} byLink={byLink} />
            <p>{t('signIn.linkHint')}</p>
            <PasswordInput
              label={t('signIn.password')}
              description={t('signIn.passwordHint')}
              autoComplete="current-password"
              value={password}
              onChange={(event) => setPassword(event.target.value)}
            />
            <Button type="submit" variant="filled" loading={isPending} disabled={password === ''}>
              {t('signIn.submit')}
            </Button>
          </form>
        )}
      </div>
    </main>
  );
}

/** The link's token. It stands behind `#`, which browsers send to nobody; a query is read as well. */
function readToken(): string | null {
  return new URLSearchParams(location.hash.slice(1)).get('token') ?? new URLSearchParams(location.search).get('token');
}

function SignInError({ error, byLink }: { readonly error: unknown; readonly byLink: boolean }) {
  const { t } = useTranslation();
  const localise = useLocalised();
  if (error === null) return null;
  const refused = error instanceof ApiError && error.status === 401;
  return (
    <p className={styles.error} role="alert">
      {refused ? t(byLink ? 'signIn.linkUsed' : 'signIn.wrongPassword') : localise(describeError(error))}
    </p>
  );
}
