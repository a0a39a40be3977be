/** Integration tests run on real local services: those that already run for this checkout, else throw-away ones. */
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { checkoutDir, nodeBinary, tsxArguments } from '@/dev/stack/paths';
import { postgresAnswers } from '@/dev/stack/services/postgres';
import { createBigQuery } from '@/lib/platform/bigquery/bigquery';
import { migrate } from '@/lib/platform/migrate';
import { applySchemas } from '@/lib/warehouse/schemas/apply';

type Variables = Record<string, string>;
type Services = { variables: Variables; stop: () => Promise<void> };

/** The first build of the SQL analyzer on a machine takes minutes. */
const startTimeoutMs = 600_000;
const readVariables = (file: string) => JSON.parse(readFileSync(file, 'utf8')) as Variables;

/** Services someone else runs: those TENANTRY_SERVICES names (`new`: none), or the developer's where they answer. */
async function runningServices(): Promise<Services | undefined> {
  const named = process.env.TENANTRY_SERVICES || undefined;
  if (named === 'new') return undefined;
  const file = named ?? join(checkoutDir, '.local/dev/env.json');
  if (!existsSync(file)) {
    if (named) throw new Error(`TENANTRY_SERVICES names ${named}, which is not there.`);
    return undefined;
  }
  const variables = readVariables(file);
  if (await postgresAnswers(variables.DATABASE_URL ?? '')) return { variables, stop: async () => {} };
  if (named) throw new Error(`The services of ${named} do not answer.`);
  return undefined;
}

/** Starts throw-away services in a process of their own, which ends with this one however this one ends. */
async function throwawayServices(): Promise<Services> {
  const child = spawn(nodeBinary(), [...tsxArguments('dev/stack/services.ts'), '--throwaway', '--dir', '.test'], {
    cwd: checkoutDir,
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const ended = new Promise<number | null>(resolve => child.once('exit', resolve));
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString();
  });
  const until = Date.now() + startTimeoutMs;
  for (;;) {
    const file = /^Ready .*variables in (.+)\.$/m.exec(output)?.[1];
    if (file) {
      const stop = async () => {
        child.kill('SIGTERM');
        await ended;
      };
      return { variables: readVariables(join(checkoutDir, file)), stop };
    }
    if (child.exitCode !== null || Date.now() > until) throw new Error(`The local services did not start:\n${output}`);
    await sleep(50);
  }
}

/** Vitest starts its workers after this, so they inherit what is put into process.env here. */
export default async function setup(): Promise<() => Promise<void>> {
  const services = (await runningServices()) ?? (await throwawayServices());
  const { variables, stop } = services;
  try {
    Object.assign(process.env, variables, { LOG_LEVEL: process.env.LOG_LEVEL ?? 'warn' });
    const client = createBigQuery({
      projectId: variables.GOOGLE_CLOUD_PROJECT ?? '',
      apiUrl: variables.BIGQUERY_API_URL,
    });
    await Promise.all([
      migrate(variables.DATABASE_URL ?? ''),
      applySchemas(client, { dataset: 'customers', folder: 'customers', location: 'US' }),
    ]);
  } catch (error) {
    await stop();
    throw error;
  }
  return stop;
}
