/** Outside clients for Node whose versions do not go with ours in one node_modules: each has a folder of its own. */
import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { checkoutDir } from '@/dev/stack/paths';
import { installOnce } from '@/dev/stack/services/install-once';

const run = promisify(execFile);
const files = ['package.json', 'package-lock.json'];

/** `.local/clients/<name>`, with the packages that the two files in `pinnedIn` (a path in the checkout) name; its path. */
export function clientPackages(name: string, pinnedIn: string): Promise<string> {
  const pins = files.map(file => join(checkoutDir, pinnedIn, file));
  const install = async (path: string) => {
    mkdirSync(path, { recursive: true });
    for (const [index, file] of files.entries()) cpSync(pins[index] ?? '', join(path, file));
    await run('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: path });
  };
  return installOnce(
    {
      folder: `clients/${name}`,
      pins: () => pins.map(pin => readFileSync(pin, 'utf8')),
      what: `${name} (npm packages, once)`,
      install,
    },
    line => process.stderr.write(`${line}\n`),
  );
}
