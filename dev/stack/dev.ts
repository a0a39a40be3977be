/**
 * `npm run dev [-- --reset]`: local services, schemas and seed, then `next dev` and a data plane and a worker that start
 * anew when a file of theirs changes; one log, until Ctrl-C. State stays in `.local/develop`.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { openDemo, startDemo } from '@/dev/stack/demo-stack';
import { greeting } from '@/dev/stack/greeting';
import { followLogs } from '@/dev/stack/log-lines';
import { checkoutDir } from '@/dev/stack/paths';
import { endWithStarter, runUntilStopped } from '@/dev/stack/signals';

const { values } = parseArgs({ options: { reset: { type: 'boolean', default: false } } });
const say = (line: string) => console.log(line);
const dir = join(checkoutDir, '.local/develop');
const logs = join(dir, 'logs');
mkdirSync(logs, { recursive: true });

const options = {
  dir,
  file: join(dir, 'demo.json'),
  throwaway: false,
  reset: values.reset,
  mode: 'watched' as const,
  say,
};

await runUntilStopped(
  async () => {
    const stack = await openDemo(options);
    const endLog = followLogs(logs, say);
    return { ...stack, stop: () => stack.stop().finally(endLog) };
  },
  async stack => {
    endWithStarter();
    const startedAt = Date.now();
    const demo = await startDemo(stack, options);
    for (const line of greeting(demo, logs, (Date.now() - startedAt) / 1000)) say(line);
    say('Ctrl-C stops everything; `npm run dev -- --reset` starts over.');
  },
);
