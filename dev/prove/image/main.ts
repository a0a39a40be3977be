/**
 * `npm run prove:image`: performs the steps of deploy/Dockerfile into a folder, starts portal, data plane and worker from
 * what came out, on local services, asks each how it is, and shows that no development code is among the files.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { buildImage, type Image } from '@/dev/prove/image/dockerfile';
import { applySharedSchemas } from '@/dev/seed/seeding';
import { checkoutDir, nodeBinary } from '@/dev/stack/paths';
import { throwawayDir } from '@/dev/stack/services/throwaway';
import { runUntilStopped } from '@/dev/stack/signals';
import { openStack, type Stack, type Started } from '@/dev/stack/stack';
import { answers } from '@/dev/stack/supervisor';

const say = (line: string) => console.log(line);
// Outside of the checkout: the build must find nothing above its own folder.
const folder = mkdtempSync(join(tmpdir(), 'tenantry-image-'));
const startTimeoutMs = 120_000;

/** Every file of the image, as a path below its work folder; links are not followed. */
function filesOf(top: string): string[] {
  const below = (path: string): string[] =>
    readdirSync(path, { withFileTypes: true }).flatMap(entry => {
      const child = join(path, entry.name);
      return entry.isDirectory() ? below(child) : [relative(top, child)];
    });
  return below(top);
}

/** Files that only develop or test, and packages that only development asks for. */
function developmentFiles(files: string[]): string[] {
  const { devDependencies } = JSON.parse(readFileSync(join(checkoutDir, 'package.json'), 'utf8')) as {
    devDependencies: Record<string, string>;
  };
  const { packages } = JSON.parse(readFileSync(join(checkoutDir, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, { dev?: boolean; devOptional?: boolean }>;
  };
  // Some are also a dependency of what runs; the lock file tells them apart.
  const forbidden = Object.keys(devDependencies).filter(name => {
    const known = packages[`node_modules/${name}`];
    return !name.startsWith('@types/') && (known?.dev || known?.devOptional);
  });
  const code = /^(?:dev|e2e|docs|deploy|\.git|\.github|\.githooks|\.ci|\.local|lib\/laws)\/|^\.env|^app\/\(dev\)/;
  const tests = /^(?!node_modules\/).*\.(?:test|law|spec|generate)\.[cm]?[jt]sx?$/;
  return files.filter(
    file => code.test(file) || tests.test(file) || forbidden.some(name => file.startsWith(`node_modules/${name}/`)),
  );
}

/** Files and megabytes of each top-level folder. */
function table(top: string, files: string[]): string[] {
  const sums = new Map<string, { count: number; bytes: number }>();
  for (const file of files) {
    const name = file.includes('/') ? `${file.split('/')[0]}/` : file;
    const sum = sums.get(name) ?? { count: 0, bytes: 0 };
    const { size } = statSync(join(top, file), { throwIfNoEntry: false }) ?? { size: 0 };
    sums.set(name, { count: sum.count + 1, bytes: sum.bytes + size });
  }
  return [...sums]
    .sort(([a], [b]) => a.localeCompare(b))
    .map(
      ([name, { count, bytes }]) =>
        `  ${name.padEnd(20)} ${String(count).padStart(6)} files ${(bytes / 1e6).toFixed(1).padStart(8)} MB`,
    );
}

/** Starts the three by the image's own commands, with only the settings that a container would be given. */
async function startFrom(image: Image, { supervisor }: Stack, { env, ports, portalPort }: Started): Promise<void> {
  const cwd = join(image.root, image.workdir);
  const dataPlanePort = await ports.take('data-plane', 8080);
  const workerPort = await ports.take('worker', 8090);
  await ports.letGo(portalPort);
  const npm = join(cwd, 'package.json');
  const scripts = (JSON.parse(readFileSync(npm, 'utf8')) as { scripts: Record<string, string> }).scripts;
  const path = `${join(nodeBinary(), '..')}:${join(cwd, 'node_modules/.bin')}:${process.env.PATH}`;
  const start = (name: string, script: string, port: number, health: string) =>
    supervisor.start({
      name,
      command: 'sh',
      args: ['-c', scripts[script] ?? 'false'],
      cwd,
      stage: 'app',
      startTimeoutMs,
      env: { ...image.env, ...env, HOST: '127.0.0.1', HOSTNAME: '127.0.0.1', PORT: String(port), PATH: path },
      healthy: () => answers(`http://127.0.0.1:${port}${health}`),
    });
  const apps: [name: string, script: string, port: number, health: string][] = [
    ['portal', 'start', portalPort, '/api/health'],
    ['data-plane', 'data-plane', dataPlanePort, '/health'],
    ['worker', 'worker', workerPort, '/health'],
  ];
  for (const [name, script, port, health] of apps) {
    await start(name, script, port, health);
    say(`${name.padEnd(11)} answers ${health}`);
  }
  const signIn = await fetch(`http://127.0.0.1:${portalPort}/signin`);
  if (!signIn.ok) throw new Error(`/signin answered ${signIn.status}`);
  say(`portal      answers /signin with ${signIn.status}`);
}

await runUntilStopped(
  async () => {
    const stack = await openStack({ dir: throwawayDir(join(checkoutDir, '.test')), throwaway: true, say });
    return { ...stack, stop: () => stack.stop().finally(() => rmSync(folder, { recursive: true, force: true })) };
  },
  async stack => {
    const image = buildImage(checkoutDir, 'deploy/Dockerfile', join(folder, 'stages'), say);
    const top = join(image.root, image.workdir);
    const files = filesOf(top);
    say(`\nThe image, below ${image.workdir}:`);
    for (const line of table(top, files)) say(line);
    const wrong = developmentFiles(files);
    if (wrong.length > 0) throw new Error(`Development code is in the image:\n  ${wrong.slice(0, 20).join('\n  ')}`);
    say(`  ${files.length} files, none of development\n`);
    const started = await stack.start();
    if (!(await applySharedSchemas(started.env))) throw new Error('the schemas were not applied');
    await startFrom(image, stack, started);
    say('1 image proved');
    process.kill(process.pid, 'SIGTERM');
  },
);
