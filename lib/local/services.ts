/** `npm run services -- --dir .local/dev [--throwaway]`: only the local services, until Ctrl-C. */
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { runUntilStopped } from '@/lib/local/signals';
import { openStack } from '@/lib/local/stack';

const { values } = parseArgs({
  options: { dir: { type: 'string', default: '.local/dev' }, throwaway: { type: 'boolean', default: false } },
});
const say = (line: string) => console.log(line);

await runUntilStopped(
  () => openStack({ dir: values.dir, throwaway: values.throwaway, say }),
  async stack => {
    const started = Date.now();
    const { env } = await stack.start();
    for (const [name, value] of Object.entries(env)) if (/_URL$|_ISSUER$/.test(name)) say(`${name}=${value}`);
    say(`Ready after ${((Date.now() - started) / 1000).toFixed(1)} s; variables in ${join(values.dir, 'env.json')}.`);
  },
);
