/** Our processes as one file each: they start with a third of the work, so that more kills fit into an hour. */
import { execFileSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { checkoutDir } from '@/dev/stack/paths';

/** Writes `<folder>/<name>.js` from each source; what is in node_modules stays there. */
export function bundle(sources: Record<string, string>, folder: string): void {
  const tsx = createRequire(join(checkoutDir, 'package.json')).resolve('tsx');
  const esbuild = createRequire(tsx).resolve('esbuild/bin/esbuild');
  const entries = Object.entries(sources).map(([name, source]) => `${name}=${source}`);
  const options = ['--bundle', '--platform=node', '--format=esm', '--packages=external', '--log-level=error'];
  execFileSync(esbuild, [...entries, ...options, `--outdir=${folder}`], { cwd: checkoutDir });
}
