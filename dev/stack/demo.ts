/** `npm run demo [-- --reset]`: the product running on local services until Ctrl-C; data stays in `.local/`, or where `--dir` says. */
import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { openDemo, startDemo } from '@/dev/stack/demo-stack';
import { greeting } from '@/dev/stack/greeting';
import { checkoutDir } from '@/dev/stack/paths';
import { endWithStarter, runUntilStopped } from '@/dev/stack/signals';

const { values } = parseArgs({ options: { reset: { type: 'boolean', default: false }, dir: { type: 'string' } } });
const say = (line: string) => console.log(line);
const local = join(checkoutDir, '.local');
const dir = values.dir === undefined ? join(local, 'demo') : resolve(values.dir);
mkdirSync(dir, { recursive: true });

const options = {
  dir,
  file: join(values.dir === undefined ? local : dir, 'demo.json'),
  throwaway: false,
  reset: values.reset,
  say,
};

await runUntilStopped(
  () => openDemo(options),
  async stack => {
    endWithStarter();
    const startedAt = Date.now();
    const demo = await startDemo(stack, options);
    for (const line of greeting(demo, join(dir, 'logs'), (Date.now() - startedAt) / 1000)) say(line);
    say('Ctrl-C stops everything; `npm run demo -- --reset` starts over.');
  },
);
