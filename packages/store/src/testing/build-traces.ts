import { sql } from 'drizzle-orm';
import { type Database, selectRows } from '../database/database.ts';

/** What a build of one index has left in the database so far. */
export type BuildTraces = {
  readonly run: { readonly state: string; readonly attempt: number };
  readonly runEnds: number;
  /** Generations of the index by number, and what each is. */
  readonly generations: readonly { readonly number: number; readonly state: string }[];
  readonly documents: number;
  /** By node type: when it was written down. */
  readonly artifacts: readonly {
    readonly nodeType: string;
    readonly fingerprint: string;
    readonly createdAt: string;
  }[];
  /** SHA-256 of the texts whose vectors are kept, in hexadecimal digits. */
  readonly embedded: readonly string[];
  /** Numbers of the builds that the run made. */
  readonly builds: readonly number[];
};

/** `modelDigests` are those of the models of this very build, of which no other build knows. */
export async function readBuildTraces(
  database: Database,
  { run, modelDigests }: { readonly run: string; readonly modelDigests: readonly string[] },
): Promise<BuildTraces> {
  const digests = sql.param([...modelDigests]);
  const [row] = await selectRows<Omit<BuildTraces, 'generations' | 'artifacts' | 'embedded' | 'builds' | 'run'>>(
    database,
    sql`
      select count(*) filter (where event ->> 'type' = 'run-end')::int as "runEnds",
        (select count(*)::int from index_documents document join index_lineages lineage on lineage.id = lineage_id
          where embedding_model ->> 'digest' = any(${digests}::text[])) as documents
      from run_events where run_id = ${run}`,
  );
  const [state] = await selectRows<BuildTraces['run']>(
    database,
    sql`select state, attempt from runs where id = ${run}`,
  );
  if (row === undefined || state === undefined) throw new Error(`no run ${run}`);
  return {
    ...row,
    run: state,
    generations: await selectRows(
      database,
      sql`
        select number, state from index_generations join index_lineages lineage on lineage.id = lineage_id
        where embedding_model ->> 'digest' = any(${digests}::text[]) order by number`,
    ),
    artifacts: await selectRows(
      database,
      sql`
        select node_type as "nodeType", fingerprint, created_at::text as "createdAt" from artifacts
        where exists (select 1 from unnest(${digests}::text[]) as model(digest)
          where position(digest in outputs::text) > 0)
        order by node_type, fingerprint`,
    ),
    embedded: (
      await selectRows<{ hash: string }>(
        database,
        sql`select encode(text_hash, 'hex') as hash from embedding_cache where model = any(${digests}::text[])`,
      )
    ).map(({ hash }) => hash),
    builds: (await selectRows<{ number: number }>(database, sql`select number from builds where run_id = ${run}`)).map(
      ({ number }) => number,
    ),
  };
}

/** SHA-256 of all texts whose vectors are kept, whichever the model, in hexadecimal digits. */
export async function readEmbeddedHashes(database: Database): Promise<ReadonlySet<string>> {
  const rows = await selectRows<{ hash: string }>(
    database,
    sql`select encode(text_hash, 'hex') as hash from embedding_cache`,
  );
  return new Set(rows.map(({ hash }) => hash));
}
