/** Postgres 18 from npm as a supervised process, with a data folder made whole or not at all. */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chownSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { endProcess, startOf } from '@/dev/stack/processes';
import {
  canReach,
  postgresHome,
  reachableDir,
  type SystemUser,
  serverUser,
} from '@/dev/stack/services/postgres-binaries';
import type { ProcessPlan } from '@/dev/stack/supervisor';

const run = promisify(execFile);
/** Owns its server; used only to make the other. */
const superuser = 'postgres';
/** What the product connects as: it owns its database and is no superuser. CREATEDB is for tests and the bench, which make their own. */
const user = 'tenantry';
const database = 'tenantry';

export type PostgresSetup = {
  plan: ProcessPlan;
  databaseUrl: string;
  /** Creates the role and its database; to be called once the server is healthy. */
  createDatabase: () => Promise<void>;
};

/** Where the data of one folder's server lies: outside it when the server's user cannot reach in. */
export function postgresDataDir(dir: string, owner = serverUser()): string {
  const inside = join(dir, 'postgres');
  if (!owner || canReach(inside, owner)) return inside;
  return join(reachableDir(), `data-${createHash('sha256').update(resolve(dir)).digest('hex').slice(0, 12)}`);
}

/** The environment of its programs: nothing of ours that could redirect or translate them. */
function postgresEnv(home: string): NodeJS.ProcessEnv {
  const library = process.platform === 'darwin' ? 'DYLD_LIBRARY_PATH' : 'LD_LIBRARY_PATH';
  return {
    NODE_ENV: process.env.NODE_ENV,
    PATH: process.env.PATH,
    LC_ALL: 'C',
    TZ: 'UTC',
    [library]: join(home, 'lib'),
  };
}

/** initdb beside its place, then a rename: a kill in the middle leaves nothing that looks complete. */
async function initialise(
  home: string,
  dataDir: string,
  password: string,
  owner: SystemUser | undefined,
): Promise<void> {
  if (existsSync(join(dataDir, 'PG_VERSION'))) return;
  const making = `${dataDir}.making`;
  rmSync(making, { recursive: true, force: true });
  rmSync(dataDir, { recursive: true, force: true });
  mkdirSync(making, { recursive: true, mode: 0o700 });
  const passwordFile = `${making}.password`;
  writeFileSync(passwordFile, `${password}\n`, { mode: 0o600 });
  if (owner) {
    chownSync(making, owner.uid, owner.gid);
    chownSync(passwordFile, owner.uid, owner.gid);
  }
  try {
    const flags = ['--auth=scram-sha-256', `--username=${superuser}`, `--pwfile=${passwordFile}`, '--encoding=UTF8'];
    await run(join(home, 'bin/initdb'), [`--pgdata=${making}`, '--locale=C', '--no-sync', ...flags], {
      env: postgresEnv(home),
      cwd: dirname(making),
      ...owner,
    });
  } finally {
    rmSync(passwordFile, { force: true });
  }
  renameSync(making, dataDir);
}

/**
 * Ends a server that outlived its supervisor, and removes the pid file of one that is gone.
 * A process counts as ours when its command line names our data folder.
 */
async function settleSurvivor(dataDir: string): Promise<void> {
  const file = join(dataDir, 'postmaster.pid');
  if (!existsSync(file)) return;
  const pid = Number(readFileSync(file, 'utf8').split('\n')[0]);
  const startedAt = Number.isInteger(pid) && pid > 1 ? startOf(pid) : undefined;
  if (startedAt && (await commandLine(pid)).includes(dataDir)) {
    await endProcess({ name: 'postgres', pid, startedAt }, 'SIGINT', 10_000);
  }
  rmSync(file, { force: true });
}

async function commandLine(pid: number): Promise<string> {
  if (process.platform === 'linux') return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
  return (await run('ps', ['-o', 'command=', '-p', String(pid)])).stdout;
}

async function withClient<Result>(url: string, work: (client: pg.Client) => Promise<Result>): Promise<Result> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2_000 });
  client.on('error', () => {});
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** Whether a Postgres answers at this address. */
export async function postgresAnswers(url: string): Promise<boolean> {
  try {
    await withClient(url, client => client.query('SELECT 1'));
    return true;
  } catch {
    return false;
  }
}

async function createDatabase(adminUrl: string, password: string): Promise<void> {
  await withClient(adminUrl, async client => {
    const role = await client.query('SELECT 1 FROM pg_roles WHERE rolname = $1', [user]);
    if (role.rowCount === 0) {
      await client.query(`CREATE ROLE ${user} LOGIN CREATEDB PASSWORD ${client.escapeLiteral(password)}`);
    }
    const found = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [database]);
    if (found.rowCount === 0) await client.query(`CREATE DATABASE ${database} OWNER ${user}`);
  });
}

/** Prepares the data folder and answers with the process to supervise. Throw-away state gives up durability for speed. */
export async function postgres(
  dir: string,
  options: { port: number; password: string; throwaway: boolean },
): Promise<PostgresSetup> {
  const owner = serverUser();
  const home = postgresHome(owner);
  const dataDir = postgresDataDir(dir, owner);
  await settleSurvivor(dataDir);
  await initialise(home, dataDir, options.password, owner);
  const settings = [
    'listen_addresses=127.0.0.1',
    'unix_socket_directories=',
    'max_connections=300',
    'shared_buffers=128MB',
    'timezone=UTC',
    'log_timezone=UTC',
    ...(options.throwaway ? ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off'] : []),
  ];
  const address = (name: string) => `postgresql://${name}:${options.password}@127.0.0.1:${options.port}`;
  const adminUrl = `${address(superuser)}/postgres`;
  return {
    databaseUrl: `${address(user)}/${database}`,
    createDatabase: () => createDatabase(adminUrl, options.password),
    plan: {
      name: 'postgres',
      command: join(home, 'bin/postgres'),
      args: ['-D', dataDir, '-p', String(options.port), ...settings.flatMap(setting => ['-c', setting])],
      env: postgresEnv(home) as Record<string, string>,
      cwd: dirname(dataDir),
      user: owner,
      // Fast shutdown: sessions are ended, nothing is lost.
      stopSignal: 'SIGINT',
      healthy: () => postgresAnswers(adminUrl),
    },
  };
}
