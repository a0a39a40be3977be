/**
 * Only the local services, until Ctrl-C: `npm run services -- --dir .local/dev`.
 * With `--throwaway`, `--dir` holds one folder a run, removed at the end, and they also end when standard input closes.
 */
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { sweep, throwawayDir } from '@/dev/stack/services/throwaway';
import { endWithStarter, runUntilStopped } from '@/dev/stack/signals';
import { openStack } from '@/dev/stack/stack';

const { values } = parseArgs({
  options: { dir: { type: 'string' }, throwaway: { type: 'boolean', default: false } },
});
const { throwaway } = values;
const base = values.dir ?? (throwaway ? '.test' : '.local/dev');
const dir = throwaway ? throwawayDir(base) : base;
const say = (line: string) => console.log(line);

await runUntilStopped(
  async () => {
    if (throwaway) await sweep(base, say);
    return openStack({ dir, throwaway, say });
  },
  async stack => {
    if (throwaway) endWithStarter();
    const started = Date.now();
    const { env, ports, portalPort } = await stack.start();
    // The portal is the developer's own to start.
    await ports.letGo(portalPort);
    for (const [name, value] of Object.entries(env)) if (/_API_URL$|_ISSUER$/.test(name)) say(`${name}=${value}`);
    say(`Ready after ${((Date.now() - started) / 1000).toFixed(1)} s; variables in ${join(dir, 'env.json')}.`);
  },
);
