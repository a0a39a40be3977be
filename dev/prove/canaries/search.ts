/** Looks for canaries in everything that was answered, written or stored. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { type Canary, formsOf } from '@/dev/prove/canaries/secrets';

/** Where canaries were looked for: how much was read, whether what must be there was seen, and what was found. */
export type Searched = { place: string; texts: number; bytes: number; control: boolean; hits: string[] };

/** One place: `add` looks at a text; `control` is a text that must be in the place, else looking proves nothing. */
export class Place {
  private readonly found = new Set<string>();
  private texts = 0;
  private bytes = 0;
  private seen = false;
  constructor(
    private readonly name: string,
    private readonly needles: readonly string[],
    private readonly control: string,
  ) {}

  add(text: string, where: string): void {
    this.texts += 1;
    this.bytes += text.length;
    if (text.includes(this.control)) this.seen = true;
    for (const needle of this.needles) if (text.includes(needle)) this.found.add(`${where}: ${needle.slice(0, 8)}…`);
  }

  result = (): Searched => ({
    place: this.name,
    texts: this.texts,
    bytes: this.bytes,
    control: this.seen,
    hits: [...this.found],
  });
}

/** Every form of every canary. */
export const needlesOf = (canaries: readonly Canary[]): string[] => canaries.flatMap(({ needle }) => formsOf(needle));

/** Files below a folder whose names match. */
export function searchFiles(place: Place, folder: string, pattern: RegExp): void {
  for (const entry of readdirSync(folder, { recursive: true })) {
    const file = join(folder, String(entry));
    if (pattern.test(file) && statSync(file).isFile()) place.add(readFileSync(file, 'utf8'), file);
  }
}

const rowsAtOnce = 5_000;

/** Every row of every table of Postgres as text; bytes are hex there. */
export async function searchPostgres(place: Place, databaseUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const { rows: tables } = await client.query<{ name: string }>(
      `SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables
       WHERE schemaname NOT IN ('pg_catalog', 'information_schema')`,
    );
    for (const { name } of tables) {
      await client.query('BEGIN');
      await client.query(`DECLARE rows CURSOR FOR SELECT t::text AS row FROM ${name} t`);
      for (let count = rowsAtOnce; count === rowsAtOnce; ) {
        const { rows } = await client.query<{ row: string }>(`FETCH ${rowsAtOnce} FROM rows`);
        place.add(rows.map(({ row }) => row).join('\n'), name);
        count = rows.length;
      }
      await client.query('COMMIT');
    }
  } finally {
    await client.end();
  }
}

type Answer = { rows?: { f: { v: string | null }[] }[]; errors?: { message: string }[]; error?: { message: string } };

/** Rows of one column. */
async function column(bigquery: string, projectId: string, query: string): Promise<string[]> {
  const response = await fetch(`${bigquery}/bigquery/v2/projects/${projectId}/queries`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query, useLegacySql: false, timeoutMs: 60_000, maxResults: 100_000 }),
  });
  const answer = (await response.json()) as Answer;
  if (!response.ok || answer.errors) throw new Error(`${query}: ${JSON.stringify(answer.errors ?? answer.error)}`);
  return (answer.rows ?? []).map(row => row.f[0]?.v ?? '');
}

/** Every row of one customer in the shared dataset, and everything of its own. */
export async function searchBigQuery(
  place: Place,
  at: { bigquery: string; projectId: string },
  customer: { customerId: string; tenantDatasetId: string },
): Promise<void> {
  for (const dataset of ['customers', customer.tenantDatasetId]) {
    const tables = await fetch(
      `${at.bigquery}/bigquery/v2/projects/${at.projectId}/datasets/${dataset}/tables?maxResults=500`,
    );
    const { tables: listed = [] } = (await tables.json()) as { tables?: { tableReference: { tableId: string } }[] };
    for (const { tableReference } of listed) {
      const name = `${dataset}.${tableReference.tableId}`;
      const filter = dataset === 'customers' ? ` WHERE customer_id = '${customer.customerId}'` : '';
      const rows = await column(at.bigquery, at.projectId, `SELECT TO_JSON_STRING(t) FROM \`${name}\` AS t${filter}`);
      place.add(rows.join('\n'), name);
    }
  }
}

/** Every mail of the local inbox, its text and its HTML. */
export async function searchMails(place: Place, mail: string): Promise<void> {
  const response = await fetch(`${mail}/emails`, { headers: { authorization: 'Bearer re_prove' } });
  const { data } = (await response.json()) as { data: object[] };
  for (const one of data) place.add(JSON.stringify(one), 'a mail');
}
