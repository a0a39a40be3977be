/** The whole product on local services: what the demo shows and what end-to-end tests run against. */
import { existsSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { applySharedSchemas, applyTenantSchemas, isSeeded, type Seed, seedOnce } from '@/dev/seed/seeding';
import { type AppMode, type Apps, startApps } from '@/dev/stack/apps';
import { buildPortal } from '@/dev/stack/build';
import { openStack, removeState, type Stack, settled } from '@/dev/stack/stack';

export type Demo = Apps & { seed: Seed; env: Record<string, string> };

export type DemoOptions = {
  dir: string;
  /** Where scripts read the addresses. */
  file: string;
  throwaway: boolean;
  reset: boolean;
  /** Built for production unless said otherwise. */
  mode?: AppMode;
  say: (line: string) => void;
};

/** Opens the demo's folder. State that a killed first start left half seeded holds nothing of value and is made anew. */
export async function openDemo(options: DemoOptions): Promise<Stack> {
  if (options.reset && process.env.DATABASE_URL) {
    throw new Error(
      'DATABASE_URL names a database of yours, which --reset does not empty: do that yourself, or unset it.',
    );
  }
  const stack = await openStack({ ...options, replace: true });
  rmSync(options.file, { force: true });
  const halfSeeded = existsSync(join(options.dir, 'secrets.json')) && !isSeeded(options.dir);
  if (options.reset || halfSeeded) removeState(resolve(options.dir));
  const stop = async () => {
    rmSync(options.file, { force: true });
    await stack.stop();
  };
  return { ...stack, stop };
}

/** Services, schemas, seed and build, then portal, data plane and worker; writes the file of addresses once all is ready. */
export async function startDemo(stack: Stack, options: DemoOptions): Promise<Demo> {
  const { supervisor } = stack;
  const { say, dir, mode = 'built' } = options;
  say('Starting Postgres, BigQuery, KMS, Stripe, Google sign-in and mail …');
  const started = await stack.start();
  const { env } = started;
  const prepared = async () => {
    const kept = isSeeded(dir);
    const shared = await applySharedSchemas(env);
    const own = !kept || (await applyTenantSchemas(env, supervisor.logFile('schemas')));
    if (!shared || !own) say('Some tables of this folder are of an older shape and stay so; start over with --reset.');
    if (!kept) say('Seeding two customers with 90 days of history …');
    return seedOnce(dir, env, supervisor.logFile('seed'));
  };
  const build = () => {
    say('Building the portal where its sources changed …');
    return buildPortal({ ...env, NEXTAUTH_URL: env.PORTAL_URL ?? '' }, supervisor.logFile('build'));
  };
  const building = mode === 'built' ? build() : Promise.resolve(false);
  const [seed] = await settled([prepared(), building]);
  say('Starting portal, data plane and worker …');
  const apps = await startApps(supervisor, started, mode);
  const demo = { ...apps, seed, env };
  writeFileSync(`${options.file}.tmp`, JSON.stringify(addresses(stack, demo), null, 2), { mode: 0o600 });
  renameSync(`${options.file}.tmp`, options.file);
  return demo;
}

function addresses({ supervisor }: Stack, { portal, dataPlane, worker, env, seed }: Demo) {
  return {
    portal,
    dataPlane,
    worker,
    bigquery: env.BIGQUERY_API_URL,
    google: env.GOOGLE_ISSUER,
    mail: env.RESEND_API_URL,
    stripe: env.STRIPE_API_URL,
    kms: env.KMS_API_URL,
    databaseUrl: env.DATABASE_URL,
    projectId: env.GOOGLE_CLOUD_PROJECT,
    serviceKey: seed.serviceKey,
    stripeWebhookSecret: env.STRIPE_WEBHOOK_SECRETS,
    logs: join(supervisor.dir, 'logs'),
    pids: {
      portal: supervisor.pidOf('portal'),
      dataPlane: supervisor.pidOf('data-plane'),
      worker: supervisor.pidOf('worker'),
      bigquery: supervisor.pidOf('bigquery'),
    },
    customers: seed.customers,
    users: seed.users,
    staff: seed.staff,
    sources: seed.sources,
  };
}
