/** `next build`, only when the sources are not those of the last build. */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, openSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkoutDir, nodeBinary } from '@/dev/stack/paths';

/** What a build reads; tests and what only other processes run are left in, as a hash costs less than a list. */
const sources = ['app', 'lib', 'public', 'schemas', 'sql'];
const stampFile = join(checkoutDir, '.next/sources.sha256');

function* filesBelow(path: string): Generator<string> {
  if (!existsSync(path)) return;
  if (!statSync(path).isDirectory()) {
    yield path;
    return;
  }
  for (const name of readdirSync(path).sort()) yield* filesBelow(join(path, name));
}

/** A hash over the names and contents of all sources and the settings beside them. */
export function sourcesHash(): string {
  const hash = createHash('sha256');
  const settings = readdirSync(checkoutDir).filter(name => /\.(ts|mjs|json)$/.test(name) && name !== 'next-env.d.ts');
  for (const entry of [...sources, ...settings.sort()]) {
    for (const file of filesBelow(join(checkoutDir, entry))) hash.update(file).update('\0').update(readFileSync(file));
  }
  return hash.digest('hex');
}

/** Builds the portal unless the last build has these sources; answers whether it built. Throws the end of the log. */
export async function buildPortal(env: Record<string, string>, logFile: string): Promise<boolean> {
  const wanted = sourcesHash();
  const built = existsSync(stampFile) && existsSync(join(checkoutDir, '.next/BUILD_ID'));
  if (built && readFileSync(stampFile, 'utf8') === wanted) return false;
  const log = openSync(logFile, 'a');
  const child = spawn(nodeBinary(), ['node_modules/next/dist/bin/next', 'build'], {
    cwd: checkoutDir,
    env: { ...process.env, ...env, NODE_ENV: 'production', NEXT_TELEMETRY_DISABLED: '1' },
    stdio: ['ignore', log, log],
  });
  const code = await new Promise<number | null>((resolve, reject) => child.once('exit', resolve).once('error', reject));
  if (code !== 0) {
    throw new Error(`next build failed:\n${readFileSync(logFile, 'utf8').trimEnd().split('\n').slice(-40).join('\n')}`);
  }
  writeFileSync(stampFile, wanted);
  return true;
}
