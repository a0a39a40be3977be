/** Schema and seed of a demo's stores. The seed's own answer (keys are shown once) is kept beside them. */
import { spawn } from 'node:child_process';
import { existsSync, openSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { checkoutDir, nodeBinary, tsxArguments } from '@/dev/stack/paths';
import { createBigQuery } from '@/lib/platform/bigquery/bigquery';
import { migrate } from '@/lib/platform/migrate';
import { applySchemas } from '@/lib/warehouse/schemas/apply';

/** What `npm run seed -- --out <file>` writes. */
const seedFile = z.object({
  serviceKey: z.string(),
  customers: z.array(
    z.object({
      customer_id: z.string(),
      company_name: z.string(),
      plan: z.string(),
      tenant_dataset_id: z.string(),
      apiKey: z.string(),
      stripe_customer_id: z.string().nullable(),
      stripe_subscription_id: z.string().nullable(),
    }),
  ),
  users: z.array(z.object({ email: z.string(), name: z.string(), role: z.string(), customer_id: z.string() })),
  staff: z.string(),
  sources: z.array(
    z.object({
      source_id: z.string(),
      name: z.string(),
      write_key: z.string(),
      dataset: z.string(),
      customer_id: z.string(),
    }),
  ),
});

export type Seed = z.output<typeof seedFile>;

const seedPath = (dir: string) => join(dir, 'seed.json');

/** Whether a seed of this folder ran to its end. */
export const isSeeded = (dir: string): boolean => existsSync(seedPath(dir));

/** Brings Postgres and the customers dataset to their schemas; false where a table cannot be changed in place. */
export async function applySharedSchemas(env: Record<string, string>): Promise<boolean> {
  const client = createBigQuery({ projectId: env.GOOGLE_CLOUD_PROJECT ?? '', apiUrl: env.BIGQUERY_API_URL });
  const [changes] = await Promise.all([
    applySchemas(client, { dataset: 'customers', folder: 'customers', location: 'US' }),
    migrate(env.DATABASE_URL ?? ''),
  ]);
  return !changes.some(change => change.kind === 'refuse');
}

/** Runs a script, its output in the log; answers its exit code. */
async function runScript(
  script: string,
  args: string[],
  env: Record<string, string>,
  logFile: string,
): Promise<number | null> {
  const log = openSync(logFile, 'a');
  const child = spawn(nodeBinary(), [...tsxArguments(script), ...args], {
    cwd: checkoutDir,
    env: { ...process.env, ...env },
    stdio: ['ignore', log, log],
  });
  return new Promise((resolve, reject) => child.once('exit', resolve).once('error', reject));
}

const endOf = (logFile: string): string => readFileSync(logFile, 'utf8').trimEnd().split('\n').slice(-30).join('\n');

/**
 * Brings the customers' own datasets, which an earlier version may have made, to the schemas of this one. Answers false
 * where a table cannot be changed in place; throws the end of the log where a dataset could not be asked.
 */
export async function applyTenantSchemas(env: Record<string, string>, logFile: string): Promise<boolean> {
  const code = await runScript('lib/cli/main.ts', ['schemas', 'apply', '--all-tenants'], env, logFile);
  if (code !== 0 && code !== 2) throw new Error(`The customers' datasets were not changed:\n${endOf(logFile)}`);
  return code === 0;
}

/** Seeds once; later starts read what the first one wrote. Throws the end of the seed's log. */
export async function seedOnce(dir: string, env: Record<string, string>, logFile: string): Promise<Seed> {
  if (!isSeeded(dir)) {
    const making = `${seedPath(dir)}.making`;
    const code = await runScript('dev/seed/main.ts', ['--out', making], env, logFile);
    if (code !== 0) throw new Error(`The seed failed:\n${endOf(logFile)}`);
    seedFile.parse(JSON.parse(readFileSync(making, 'utf8')));
    renameSync(making, seedPath(dir));
  }
  return seedFile.parse(JSON.parse(readFileSync(seedPath(dir), 'utf8')));
}
