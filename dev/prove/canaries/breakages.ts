/** What can be broken of the running demo for some seconds, each with its way back. */
import pg from 'pg';
import type { Canary } from '@/dev/prove/canaries/secrets';

type Demo = { databaseUrl: string };
/** Breaks it, and answers how it is mended. */
type Breakage = (demo: Demo) => Promise<() => Promise<void>>;

async function kms(method: string, resource: string, body?: object): Promise<Record<string, unknown>> {
  const { env } = await import('@/lib/platform/env');
  const response = await fetch(`${env().KMS_API_URL}/v1/${resource}`, {
    method,
    headers: { 'content-type': 'application/json' },
    body: body && JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`the key service answered ${response.status}`);
  return (await response.json()) as Record<string, unknown>;
}

/** Disables the version of the key that secrets are sealed with. */
const keyServiceDown: Breakage = async () => {
  const { env } = await import('@/lib/platform/env');
  const key = await kms('GET', env().KMS_KEY_NAME);
  const { name } = key.primary as { name: string };
  await kms('PATCH', `${name}?updateMask=state`, { state: 'DISABLED' });
  return async () => {
    await kms('PATCH', `${name}?updateMask=state`, { state: 'ENABLED' });
  };
};

/** A trigger that refuses every new credential, and says in its error what was to be stored. */
const databaseRefuses: Breakage = async ({ databaseUrl }) => {
  const run = async (...statements: string[]) => {
    const client = new pg.Client({ connectionString: databaseUrl });
    await client.connect();
    try {
      for (const statement of statements) await client.query(statement);
    } finally {
      await client.end();
    }
  };
  await run(
    `CREATE OR REPLACE FUNCTION prove_refuse() RETURNS trigger LANGUAGE plpgsql AS
     $$ BEGIN RAISE EXCEPTION 'refused by a proof: %', to_jsonb(NEW)::text; END $$`,
    `CREATE OR REPLACE TRIGGER prove_refuse BEFORE INSERT ON cloud_credentials
     FOR EACH ROW EXECUTE FUNCTION prove_refuse()`,
  );
  return () => run('DROP TRIGGER prove_refuse ON cloud_credentials', 'DROP FUNCTION prove_refuse()');
};

export const breakages = {
  'key service down': keyServiceDown,
  'database refuses': databaseRefuses,
} as const satisfies Record<string, Breakage>;

/** Has the double of the providers answer 503 to whoever signs in with this secret. */
export async function failsAtProvider({ secret }: Canary): Promise<void> {
  const account = JSON.parse(secret.service_account_json ?? '{}') as { client_email?: string };
  const id = secret.api_key ?? secret.access_key_id ?? secret.client_id ?? account.client_email;
  const provider = (secret.kind ?? '').split('_')[0];
  const { env } = await import('@/lib/platform/env');
  const control = new URL('/control/credentials', env().OPENAI_BASE_URL);
  const response = await fetch(control, { method: 'POST', body: JSON.stringify({ provider, id, state: 'down' }) });
  if (!response.ok) throw new Error(`the double of the providers answered ${response.status}`);
}
