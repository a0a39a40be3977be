/** Python environments, shared by demo and tests: of the local BigQuery and of clients; made once, remade when their pins change. */
import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { checkoutDir } from '@/dev/stack/paths';
import { installOnce } from '@/dev/stack/services/install-once';

const run = promisify(execFile);
const minimum = [3, 11] as const;

/** A folder of `.local`, and the pins that it is made from. */
type Venv = {
  folder: string;
  requirements: string;
  /** What people read while it is made. */
  what: string;
  /** A further step with its Python, and the text that it depends on. */
  after?: { script: string; run: (python: string) => Promise<void> };
};

/** Prints "major minor" so that any Python answers it. */
async function versionOf(python: string): Promise<[number, number] | undefined> {
  try {
    const { stdout } = await run(python, ['-c', 'import sys; print(sys.version_info[0], sys.version_info[1])']);
    const [major = 0, minor = 0] = stdout.trim().split(' ').map(Number);
    return [major, minor];
  } catch {
    return undefined;
  }
}

/** A Python new enough, by the names it may have; throws a sentence that names the ones found. */
async function findPython(): Promise<string> {
  const names = [process.env.PYTHON, 'python3', 'python3.14', 'python3.13', 'python3.12', 'python3.11', 'python'];
  const found: string[] = [];
  for (const name of names) {
    const version = name ? await versionOf(name) : undefined;
    if (!name || !version) continue;
    if (version[0] === minimum[0] && version[1] >= minimum[1]) return name;
    found.push(`${name} is ${version.join('.')}`);
  }
  const seen = found.length ? found.join(', ') : 'none was found';
  throw new Error(`Python ${minimum.join('.')} or later is needed (${seen}). Install it, or name one in PYTHON.`);
}

async function hasProgram(name: string): Promise<boolean> {
  return run(name, ['--version']).then(
    () => true,
    () => false,
  );
}

/** Links the wheels' DuckDB extensions to where DuckDB looks for installed ones in that HOME. */
const linkScript = `
import duckdb, importlib, os, sys
platform = duckdb.sql("PRAGMA platform").fetchone()[0]
for name in ("spatial", "avro"):
    package = os.path.dirname(importlib.import_module("duckdb_extension_" + name).__file__)
    version = "v" + duckdb.__version__
    source = os.path.join(package, "extensions", version, name + ".duckdb_extension")
    folder = os.path.join(sys.argv[1], ".duckdb", "extensions", version, platform)
    os.makedirs(folder, exist_ok=True)
    os.symlink(source, os.path.join(folder, name + ".duckdb_extension"))
`;

async function install(venv: string, requirements: string): Promise<string> {
  const python = await findPython();
  const target = join(venv, 'bin/python');
  if (await hasProgram('uv')) {
    await run('uv', ['venv', '--quiet', '--python', python, venv]);
    await run('uv', ['pip', 'install', '--quiet', '--python', target, '-r', requirements]);
    return target;
  }
  await run(python, ['-m', 'venv', venv]).catch((error: Error) => {
    throw new Error(`${python} cannot make a virtual environment (Debian: apt install python3-venv): ${error.message}`);
  });
  await run(target, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '-r', requirements]);
  return target;
}

/** Makes the environment when needed; answers with its Python. */
async function ensureVenv({ folder, requirements, what, after }: Venv, say: (line: string) => void): Promise<string> {
  const venv = await installOnce(
    {
      folder,
      pins: path => [readFileSync(requirements, 'utf8'), path, after?.script ?? ''],
      what: `${what} (Python packages, once)`,
      install: async path => {
        const python = await install(path, requirements);
        await after?.run(python);
      },
    },
    say,
  );
  return join(venv, 'bin/python');
}

/** That of the local BigQuery: its Python, and the HOME to start it with. */
export async function pythonVenv(say: (line: string) => void): Promise<{ python: string; home: string }> {
  const home = join(checkoutDir, '.local/venv/home');
  const linkExtensions = async (python: string) => {
    mkdirSync(home, { recursive: true });
    await run(python, ['-c', linkScript, home], { env: { ...process.env, HOME: home } });
  };
  const python = await ensureVenv(
    {
      folder: 'venv',
      requirements: join(checkoutDir, 'dev/stack/services/bigquery-requirements.txt'),
      what: 'the local BigQuery',
      after: { script: linkScript, run: linkExtensions },
    },
    say,
  );
  return { python, home };
}

/** That of an outside client in Python, `.local/venv-<name>`, pinned by `requirements` (a path in the checkout); its Python. */
export const clientVenv = (name: string, requirements: string): Promise<string> =>
  ensureVenv({ folder: `venv-${name}`, requirements: join(checkoutDir, requirements), what: name }, line =>
    process.stderr.write(`${line}\n`),
  );
