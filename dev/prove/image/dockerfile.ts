/** Performs the steps of a Dockerfile in folders, for machines without Docker: one folder a stage, RUN by the shell. */
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join, relative } from 'node:path';

type Stage = { root: string; workdir: string; env: Record<string, string> };

/** What is left of the build when it is done: the last stage's files, its environment and its command. */
export type Image = { root: string; workdir: string; env: Record<string, string>; command: string[] };

/** The lines of a file without comments and empty ones; a line that ends in a backslash goes on. */
const linesOf = (text: string): string[] =>
  text
    .replace(/\\\n/g, ' ')
    .split('\n')
    .map(line => line.trim())
    .filter(line => line !== '' && !line.startsWith('#'));

/** Whether a path of the context is left out by a .dockerignore; its folder may be what is named. */
export function ignoring(dockerignore: string): (path: string) => boolean {
  const patterns = linesOf(dockerignore).map(
    line =>
      new RegExp(
        `^${line
          .replace(/[.+^${}()|[\]]/g, '\\$&')
          .replace(/\*\*\//g, '\0')
          .replace(/\*/g, '[^/]*')
          .replace(/\0/g, '(?:.*/)?')}(?:/|$)`,
      ),
  );
  return path => patterns.some(pattern => pattern.test(path));
}

function copyInto(stage: Stage, args: string[], from: string, ignored: (path: string) => boolean): void {
  const target = args.at(-1) ?? '.';
  const into = join(stage.root, target.startsWith('/') ? target : join(stage.workdir, target));
  for (const source of args.slice(0, -1)) {
    const path = join(from, source);
    if (!existsSync(path)) throw new Error(`COPY ${source}: there is none`);
    const wanted = (file: string) => !ignored(relative(from, file));
    if (statSync(path).isDirectory()) {
      mkdirSync(into, { recursive: true });
      for (const name of readdirSync(path)) {
        const entry = join(path, name);
        if (wanted(entry)) cpSync(entry, join(into, name), { recursive: true, filter: wanted, verbatimSymlinks: true });
      }
    } else if (wanted(path)) cpSync(path, target.endsWith('/') ? join(into, basename(path)) : into);
  }
}

/** `NAME=value …` as an object. */
const assignments = (text: string): Record<string, string> =>
  Object.fromEntries(text.split(/\s+/).map(part => part.split('=', 2) as [string, string]));

/** Builds below `folder` from the context; FROM's images are this machine. Throws where a step fails or is not known. */
export function buildImage(context: string, dockerfile: string, folder: string, say: (line: string) => void): Image {
  const ignored = ignoring(readFileSync(join(context, '.dockerignore'), 'utf8'));
  const stages = new Map<string, Stage>();
  let stage: Stage = { root: '', workdir: '/', env: {} };
  let command: string[] = [];
  const run = (shell: string) => {
    const { NODE_ENV: _ours, ...machine } = process.env;
    const env = { ...machine, ...stage.env } as NodeJS.ProcessEnv;
    const { status } = spawnSync('sh', ['-c', shell], { cwd: join(stage.root, stage.workdir), env, stdio: 'inherit' });
    if (status !== 0) throw new Error(`RUN ${shell} ended with ${status}`);
  };
  const copy = (given: string[]) => {
    const options = given.filter(part => part.startsWith('--'));
    const args = given.filter(part => !part.startsWith('--'));
    const name = options.find(option => option.startsWith('--from='))?.slice('--from='.length);
    const other = name === undefined ? undefined : stages.get(name);
    if (name !== undefined && !other) throw new Error(`COPY --from=${name}: there is no such stage`);
    if (other) copyInto(stage, args, other.root, () => false);
    else copyInto(stage, args, context, ignored);
  };
  for (const line of linesOf(readFileSync(join(context, dockerfile), 'utf8'))) {
    say(line);
    const [word = '', ...rest] = line.split(/\s+/);
    const text = rest.join(' ');
    if (word === 'FROM') {
      const name = rest[1]?.toUpperCase() === 'AS' ? (rest[2] ?? '') : `stage-${stages.size}`;
      stage = { root: join(folder, name), workdir: '/', env: {} };
      mkdirSync(stage.root, { recursive: true });
      stages.set(name, stage);
    } else if (word === 'WORKDIR') {
      stage.workdir = text;
      mkdirSync(join(stage.root, text), { recursive: true });
    } else if (word === 'ENV') Object.assign(stage.env, assignments(text));
    else if (word === 'COPY') copy(rest);
    else if (word === 'RUN') run(text);
    else if (word === 'CMD') command = JSON.parse(text) as string[];
    else if (word !== 'USER' && word !== 'EXPOSE') throw new Error(`${word} is not known here`);
  }
  return { ...stage, command };
}
