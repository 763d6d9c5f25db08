/** The least that an embedded database takes: PGlite with pgvector on a folder, and one query. */
import { PGlite } from '@electric-sql/pglite';
import { vector } from '@electric-sql/pglite-pgvector';
import { z } from 'zod';
import { readScriptOptions } from './child-script.ts';

const { database } = readScriptOptions(z.object({ database: z.string() }));
const client = await PGlite.create({ dataDir: database, extensions: { vector } });
await client.query("select '[1,2]'::vector <=> '[2,1]'::vector");
console.log(JSON.stringify({ ready: true }));
