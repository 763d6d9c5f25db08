import { createClient } from '@kumiki/client';

/** The API of the server that served this page; the session cookie signs the calls. */
export const client = createClient({ address: '' });
