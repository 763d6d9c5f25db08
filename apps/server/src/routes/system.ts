import { KumikiError } from '@kumiki/node-sdk';
import { deleteSession, insertSession, readSetting } from '@kumiki/store';
import { deleteCookie, setCookie } from 'hono/cookie';
import { notAllowed, notSignedIn, readCookie, sessionCookie } from '../access/caller.ts';
import { createToken, hashToken } from '../access/tokens.ts';
import * as contract from '../contract/system.ts';
import type { App } from '../http/environment.ts';
import { version } from '../version.ts';
import { defaultWorkspace, type Workbench } from '../workbench.ts';

const sessionMilliseconds = 30 * 24 * 60 * 60_000;

/** Routes that anybody may call: whether the process is well, and signing in. */
export function addOpenRoutes(app: App, workbench: Workbench): void {
  const { store, signInLinks, passwordCheck, callers, configuration } = workbench;

  app.openapi(contract.getHealthLive, (context) => context.json({ status: 'ok' as const }, 200));

  app.openapi(contract.getHealthReady, async (context) => {
    if (workbench.running.closing.aborted) return context.json({ status: 'stopping' }, 503);
    // Any cheap query does: what counts is that the database answers.
    await readSetting(store.database, { workspace: defaultWorkspace, name: 'ready' });
    return context.json({ status: 'ok' as const }, 200);
  });

  app.openapi(contract.signIn, async (context) => {
    const body = context.req.valid('json');
    const accepted =
      'token' in body
        ? signInLinks.redeem(body.token)
        : passwordCheck !== null && (await passwordCheck.accepts(body.password));
    if (!accepted) throw refuseSignIn('token' in body ? 'token' : 'password');
    const token = createToken();
    const expiresAt = new Date(Date.now() + sessionMilliseconds);
    await insertSession(store.database, { workspace: defaultWorkspace, hash: hashToken(token), expiresAt });
    setCookie(context, sessionCookie, token, {
      path: '/',
      httpOnly: true,
      sameSite: 'Lax',
      secure: configuration.publicUrl?.protocol === 'https:',
      expires: expiresAt,
    });
    return context.json({ ok: true as const }, 200);
  });

  app.openapi(contract.signOut, async (context) => {
    const token = readCookie(context.req.header('cookie') ?? null, sessionCookie);
    if (token !== null) {
      await deleteSession(store.database, hashToken(token));
      callers.forget();
    }
    deleteCookie(context, sessionCookie, { path: '/' });
    return context.body(null, 204);
  });
}

export function addSystemRoutes(app: App, workbench: Workbench): void {
  const { store, descriptions, signInLinks, configuration } = workbench;

  app.openapi(contract.getSession, (context) => {
    const { workspace } = context.get('caller');
    return context.json(
      {
        user: { id: 'owner', name: 'Owner' },
        workspace: { id: workspace, name: workspace },
        version,
        database: store.kind === 'embedded' ? ('embedded' as const) : ('postgres' as const),
      },
      200,
    );
  });

  app.openapi(contract.createSignInLink, (context) => {
    if (context.get('caller').kind === 'key') {
      throw notAllowed({
        en: 'An API key cannot make sign-in links. Run `npx kumiki sign-in` on the machine of the server.',
        ja: 'API キーではサインイン用リンクをつくれません。サーバーのマシンで `npx kumiki sign-in` を実行してください。',
      });
    }
    const address = configuration.editorAddress ?? configuration.publicUrl ?? new URL(context.req.url);
    return context.json({ link: signInLinks.create(address.origin) }, 201);
  });

  const nodeTypes = JSON.stringify({ items: [...descriptions.values()] });
  app.openapi(contract.getNodeTypes, (context) => {
    context.header('content-type', 'application/json');
    // Descriptions never change while the process runs, so they are written out once.
    return context.body(nodeTypes, 200) as never;
  });

  app.get('/api/openapi.json', async (context) => {
    const { describeContract } = await import('../contract/document.ts');
    return context.json(describeContract(version));
  });
}

function refuseSignIn(what: 'token' | 'password'): KumikiError {
  const refusal = notSignedIn();
  return new KumikiError({
    code: refusal.code,
    status: 401,
    message:
      what === 'token'
        ? {
            en: 'This sign-in link was used, has expired, or is not one. `npx kumiki sign-in` on the machine of the server prints a new one.',
            ja: 'このサインイン用リンクは、使用済みか期限切れ、または無効です。サーバーのマシンで `npx kumiki sign-in` を実行すると、新しいリンクが表示されます。',
          }
        : {
            en: 'The password is wrong, or none is set. Try again, or use a sign-in link.',
            ja: 'パスワードが違うか、設定されていません。もう一度入力するか、サインイン用リンクを使ってください。',
          },
  });
}
