/** All local services in their order, and the environment our own processes read to find them. */
import { mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { people } from '@/dev/seed/people';
import { type LocalSecrets, localSecrets } from '@/dev/stack/secrets';
import { bigquery } from '@/dev/stack/services/bigquery';
import { createKmsKey, double, googleMail } from '@/dev/stack/services/doubles';
import { Ports } from '@/dev/stack/services/ports';
import { postgres, postgresAnswers, postgresDataDir } from '@/dev/stack/services/postgres';
import { providerSettings, registerOperator } from '@/dev/stack/services/providers';
import { sqlAnalyzerIfPossible, sqlAnalyzerPath } from '@/dev/stack/services/sql-analyzer';
import { stripeAccount } from '@/dev/stack/services/stripe-account';
import { Supervisor } from '@/dev/stack/supervisor';

const projectId = 'tenantry-local';
const googleClientId = 'tenantry-local.apps.googleusercontent.com';

export type Started = {
  /** The variables of `env.json`. */
  env: Record<string, string>;
  /** The port held for the portal, to be let go when it starts; Google sends browsers back to it. */
  portalPort: number;
  ports: Ports;
};

export type Stack = {
  supervisor: Supervisor;
  /** Starts Postgres (unless DATABASE_URL names one), BigQuery, KMS, Stripe, Google, mail, the cloud providers, GitHub; writes `<dir>/env.json` and, for `node --env-file`, `<dir>/services.env`. */
  start: () => Promise<Started>;
  /** Ends all, and where the state was to be thrown away, removes it. */
  stop: () => Promise<void>;
};

export type StackOptions = {
  dir: string;
  throwaway: boolean;
  /** End a live supervisor of this folder instead of refusing. */
  replace?: boolean;
  say: (line: string) => void;
};

/** Takes the folder and settles what a killed run left; nothing is started yet, so that signals can be tied to stop first. */
export async function openStack(options: StackOptions): Promise<Stack> {
  const dir = resolve(options.dir);
  mkdirSync(dir, { recursive: true });
  const supervisor = await Supervisor.open(dir, options.replace ?? false);
  let starting: Promise<Started> | undefined;
  const building = new AbortController();
  const startAll = async () => {
    const ports = new Ports(dir, options.throwaway);
    const portalPort = await ports.hold('portal', 3000);
    const context = { ...options, dir, supervisor, ports, secrets: localSecrets(dir) };
    const analyzer = sqlAnalyzerIfPossible(options.say, building.signal);
    const env = await startServices(context, portalPort);
    // People see the rest meanwhile, and the desk opens once it is there; tests need all at once.
    if (options.throwaway) await analyzer;
    writeFileSync(join(dir, 'env.json.tmp'), JSON.stringify(env, null, 2), { mode: 0o600 });
    renameSync(join(dir, 'env.json.tmp'), join(dir, 'env.json'));
    const lines = Object.entries(env).map(([name, value]) => `${name}=${JSON.stringify(value)}\n`);
    writeFileSync(join(dir, 'services.env'), lines.join(''), { mode: 0o600 });
    return { env, portalPort, ports };
  };
  const start = () => {
    starting = startAll();
    return starting;
  };
  const stop = async () => {
    building.abort();
    await supervisor.stop();
    // A start that is under way notices the stop; what it still writes must not outlive the removal below.
    await Promise.race([starting?.catch(() => {}), sleep(5_000, undefined, { ref: false })]);
    if (!options.throwaway) for (const file of ['env.json', 'services.env']) rmSync(join(dir, file), { force: true });
    else for (const folder of [postgresDataDir(dir), dir]) rmSync(folder, { recursive: true, force: true });
  };
  return { supervisor, start, stop };
}

/** Removes all that the services of a folder keep, logs apart. Nothing of them may be running. */
export function removeState(dir: string): void {
  const kept = ['logs', 'pids.json', 'ports.json'];
  rmSync(postgresDataDir(dir), { recursive: true, force: true });
  for (const name of readdirSync(dir))
    if (!kept.includes(name)) rmSync(join(dir, name), { recursive: true, force: true });
}

type Context = StackOptions & { supervisor: Supervisor; ports: Ports; secrets: LocalSecrets };

async function startServices(context: Context, portalPort: number): Promise<Record<string, string>> {
  // Independent of one another, so they start together; each one's slowest part is its own process.
  const [databaseUrl, warehouse, kms, stripeUrl, google, providersUrl, githubUrl] = await settled([
    startPostgres(context),
    startBigQuery(context),
    startKms(context),
    startStripe(context, portalPort),
    startGoogleMail(context, portalPort),
    startProviders(context),
    startGithub(context),
  ] as const);
  const { secrets } = context;
  return {
    DATABASE_URL: databaseUrl,
    GOOGLE_CLOUD_PROJECT: projectId,
    BIGQUERY_API_URL: warehouse.url,
    BIGQUERY_STORAGE_API_URL: warehouse.storageUrl,
    // Whoever sends an event here looks at it at once; a local BigQuery has no quota of jobs.
    LOAD_INTERVAL_SECONDS: '2',
    LOAD_JOBS_PER_DAY: '2000000',
    SQL_ANALYZER: sqlAnalyzerPath,
    KMS_API_URL: kms.url,
    KMS_KEY_NAME: kms.keyName,
    PORTAL_URL: `http://127.0.0.1:${portalPort}`,
    NEXTAUTH_SECRET: secrets.sessionSecret,
    GOOGLE_ISSUER: google.issuer,
    GOOGLE_CLIENT_ID: googleClientId,
    GOOGLE_CLIENT_SECRET: secrets.googleClientSecret,
    GOOGLE_SUB_STABLE: 'false',
    STAFF_EMAILS: people.staff.email,
    // The local Stripe answers from the same two cores.
    STRIPE_CONCURRENCY: '2',
    STRIPE_API_URL: stripeUrl,
    STRIPE_SECRET_KEY: secrets.stripeSecretKey,
    STRIPE_WEBHOOK_SECRETS: secrets.stripeWebhookSecret,
    ...providerSettings(providersUrl),
    GITHUB_API_URL: githubUrl,
    RESEND_API_URL: google.mail,
    RESEND_API_KEY: secrets.resendApiKey,
    MAIL_FROM: 'Tenantry <notifications@tenantry.example>',
  };
}

/** Promise.all that waits for the others before it fails, so that nothing goes on behind a failure's back. */
export async function settled<const Parts extends readonly Promise<unknown>[]>(parts: Parts) {
  await Promise.allSettled(parts);
  return Promise.all(parts);
}

async function startPostgres({ dir, supervisor, ports, secrets, throwaway, say }: Context): Promise<string> {
  const given = process.env.DATABASE_URL;
  if (given) {
    if (!(await postgresAnswers(given))) throw new Error('No Postgres answers at DATABASE_URL.');
    say('postgres: the one of DATABASE_URL');
    return given;
  }
  const port = await ports.hold('postgres', 5440);
  const setup = await postgres(dir, { port, password: secrets.postgresPassword, throwaway });
  await ports.letGo(port);
  await supervisor.start(setup.plan);
  await setup.createDatabase();
  return setup.databaseUrl;
}

async function startBigQuery({ dir, supervisor, ports, say }: Context): Promise<{ url: string; storageUrl: string }> {
  const port = await ports.hold('bigquery', 9050);
  const grpcPort = await ports.hold('bigquery-storage', 9060);
  const plan = await bigquery(dir, { port, grpcPort, projectId, say });
  await ports.letGo(port);
  await ports.letGo(grpcPort);
  await supervisor.start(plan);
  return { url: `http://127.0.0.1:${port}`, storageUrl: `http://127.0.0.1:${grpcPort}` };
}

async function startKms({ dir, supervisor, ports }: Context): Promise<{ url: string; keyName: string }> {
  const port = await ports.take('kms', 4300);
  await supervisor.start(double(dir, 'kms', 'dev/doubles/kms/server.ts', port));
  const url = `http://127.0.0.1:${port}`;
  return { url, keyName: await createKmsKey(url, projectId) };
}

async function startProviders({ dir, supervisor, ports }: Context): Promise<string> {
  const port = await ports.take('providers', 4340);
  await supervisor.start(double(dir, 'providers', 'dev/doubles/providers/server.ts', port));
  const url = `http://127.0.0.1:${port}`;
  await registerOperator(url);
  return url;
}

async function startGithub({ dir, supervisor, ports }: Context): Promise<string> {
  const port = await ports.take('github', 4350);
  const emulatePort = await ports.take('github-emulate', 4360);
  const plan = double(dir, 'github', 'dev/doubles/github/server.ts', port);
  await supervisor.start({ ...plan, env: { ...plan.env, EMULATE_PORT: String(emulatePort) } });
  return `http://127.0.0.1:${port}`;
}

async function startStripe({ dir, supervisor, ports, secrets }: Context, portalPort: number): Promise<string> {
  const port = await ports.take('stripe', 4310);
  const plan = double(dir, 'stripe', 'dev/doubles/stripe/server.ts', port);
  // The portal's webhook is known before the portal runs: what happens meanwhile is delivered once it answers.
  const webhook = {
    STRIPE_WEBHOOK_URL: `http://127.0.0.1:${portalPort}/api/webhooks/stripe`,
    STRIPE_WEBHOOK_SECRET: secrets.stripeWebhookSecret,
    ...stripeAccount(),
  };
  await supervisor.start({ ...plan, env: { ...plan.env, ...webhook } });
  return `http://127.0.0.1:${port}`;
}

async function startGoogleMail(context: Context, portalPort: number): Promise<{ issuer: string; mail: string }> {
  const { supervisor, ports, secrets, throwaway } = context;
  const googlePort = await ports.take('google', 4320);
  const mailPort = await ports.take('mail', 4330);
  const clientSecret = secrets.googleClientSecret;
  const options = {
    googlePort,
    mailPort,
    clientId: googleClientId,
    clientSecret,
    portalPort,
    withTestPeople: throwaway,
  };
  await supervisor.start(googleMail(options));
  return { issuer: `http://127.0.0.1:${googlePort}`, mail: `http://127.0.0.1:${mailPort}` };
}
