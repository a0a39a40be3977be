/** `npm run demo [-- --reset]`: the product running on local services until Ctrl-C; data stays in `.local/`, or where `--dir` says. */
import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { type Demo, openDemo, startDemo } from '@/dev/stack/demo-stack';
import { checkoutDir } from '@/dev/stack/paths';
import { endWithStarter, runUntilStopped } from '@/dev/stack/signals';

const { values } = parseArgs({ options: { reset: { type: 'boolean', default: false }, dir: { type: 'string' } } });
const say = (line: string) => console.log(line);
const local = join(checkoutDir, '.local');
const dir = values.dir === undefined ? join(local, 'demo') : resolve(values.dir);
mkdirSync(dir, { recursive: true });

/** What a person needs to begin: where to go, whom to be, what to try. */
function greet({ portal, dataPlane, env, seed }: Demo, seconds: number): void {
  const [first] = seed.customers;
  const nameOf = new Map(seed.customers.map(customer => [customer.customer_id, customer.company_name]));
  say(`\nReady after ${seconds.toFixed(0)} s.\n`);
  say(`  Portal        ${portal}`);
  say(`  Data plane    ${dataPlane}/v1   (its description: ${dataPlane}/docs)`);
  say(`  Mail inbox    ${env.RESEND_API_URL}/inbox`);
  say(`  Logs          ${join(dir, 'logs')}\n`);
  say('Sign in with Google as');
  for (const user of seed.users) {
    say(`  ${user.email.padEnd(32)} ${user.role.padEnd(13)} ${nameOf.get(user.customer_id) ?? ''}`);
  }
  say(`  ${seed.staff.padEnd(32)} support staff\n`);
  if (first) {
    say(`Start a pipeline run as ${first.company_name}’s worker:`);
    say(`  curl -sX POST ${dataPlane}/v1/runs -H 'authorization: Bearer ${first.apiKey}' \\`);
    say(
      `    -H 'content-type: application/json' -d '{"pipeline_id":"daily","trigger_type":"api","trigger_by":"me"}'\n`,
    );
  }
  say('Ctrl-C stops everything; `npm run demo -- --reset` starts over.');
}

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
    greet(demo, (Date.now() - startedAt) / 1000);
  },
);
