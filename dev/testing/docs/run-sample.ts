/** Runs a sample of the documentation as a reader does: by a shell, Python or Node, with nothing but the variables it names. */
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Language } from '@/app/docs/_samples/languages';

const execute = promisify(execFile);

/** What a program needs of this machine, its clock included; every other variable must be the page's own. */
const machine = Object.fromEntries(
  Object.entries(process.env).filter(
    ([name]) => name === 'PATH' || name === 'LD_PRELOAD' || name.startsWith('FAKETIME'),
  ),
);

/** Not every machine has uuidgen, which samples name. */
const uuidgen = `uuidgen() { '${process.execPath}' -p 'crypto.randomUUID()'; }; export -f uuidgen`;

type Program = { file: string; command: (path: string) => [string, string[]] };

const programs: Record<Language, Program> = {
  // An unset variable is an error, as it is to the other two.
  curl: { file: 'sample.sh', command: path => ['bash', ['-c', `${uuidgen}; exec bash -eu '${path}'`]] },
  python: { file: 'sample.py', command: path => [process.env.PYTHON ?? 'python3', [path]] },
  typescript: { file: 'sample.mts', command: path => [process.execPath, ['--no-warnings', path]] },
};

/** What the code printed; an error with all that it said where it ended badly. */
export async function runSample(
  language: Language,
  code: string,
  variables: Readonly<Record<string, string>>,
  { cwd, python }: { cwd?: string; python?: string } = {},
): Promise<string> {
  const { file, command } = programs[language];
  const folder = await mkdtemp(join(cwd ?? tmpdir(), 'sample-'));
  try {
    const path = join(folder, file);
    await writeFile(path, code);
    const [program, args] = command(path);
    const env = { ...machine, NODE_ENV: process.env.NODE_ENV, ...variables };
    const { stdout } = await execute(language === 'python' && python ? python : program, args, { env });
    return stdout;
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
    throw new Error(`${stderr}\n${stdout}`, { cause: error });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
