/** The Python client as its users have it: its wheel, built from the sources, in an environment of its own. */
import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { checkoutDir } from '@/dev/stack/paths';

const run = promisify(execFile);
export const clientFolder = join(checkoutDir, 'clients/python');

export type InstalledClient = { python: string; wheel: string; remove: () => void };

/** Builds the wheel without the network, by the packages that `python` has, and installs it with the versions that `pins` names. */
export async function installClient(python: string, pins: string): Promise<InstalledClient> {
  const folder = mkdtempSync(join(tmpdir(), 'tenantry-python-'));
  const build = ['-m', 'build', '--wheel', '--no-isolation', '--outdir', folder, clientFolder];
  await run(python, build, { env: { ...process.env, PIP_NO_INDEX: '1' } });
  const [wheel = ''] = readdirSync(folder).filter(name => name.endsWith('.whl'));
  await run(python, ['-m', 'venv', join(folder, 'venv')]);
  const installed = join(folder, 'venv/bin/python');
  const install = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '-c', join(checkoutDir, pins)];
  await run(installed, [...install, join(folder, wheel)]);
  return { python: installed, wheel, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
