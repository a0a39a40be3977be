/** `cli stripe …`: what the product needs in a Stripe account, made there or corrected; the local double is one too. */
import { parseArgs } from 'node:util';
import type { SetUpStep } from '@/lib/domains/subscriptions/stripe/catalog';
import { setUpCatalog, setUpWebhook } from '@/lib/domains/subscriptions/stripe/catalog';
import { env } from '@/lib/platform/env';

const usage = `Usage: stripe <command>

  setup [--webhook <url>] [--live]
                     makes or corrects a product and a monthly price of each plan and the billing portal's settings,
                     and with --webhook the endpoint that Stripe calls; a second run changes nothing.
                     The endpoint's signing secret is printed on standard output, once: put it into
                     STRIPE_WEBHOOK_SECRETS. A live key is refused without --live.`;

const print = (line: string) => process.stdout.write(`${line}\n`);
const note = (line: string) => process.stderr.write(`${line}\n`);

const options = { webhook: { type: 'string' }, live: { type: 'boolean', default: false } } as const;

function misuse(problem: string): number {
  note(`${problem}\n\n${usage}`);
  return 2;
}

const say = ({ what, id, outcome }: SetUpStep) => note(`${outcome.padEnd(10)} ${what}  ${id}`);

/** Stripe calls only https addresses of a live or test account; the double is on this machine. */
function isAddress(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol } = new URL(text);
  return protocol === 'https:' || (protocol === 'http:' && env().STRIPE_API_URL !== undefined);
}

async function setup(webhook: string | undefined, live: boolean): Promise<number> {
  if (/^[sr]k_live_/.test(env().STRIPE_SECRET_KEY) && !live) {
    note('STRIPE_SECRET_KEY is a live key: say --live where real prices are meant. Nothing was changed.');
    return 1;
  }
  if (webhook !== undefined && !isAddress(webhook))
    return misuse('--webhook: Give an address that begins with https://.');
  for (const step of await setUpCatalog()) say(step);
  if (webhook === undefined) return 0;
  const { step, secret } = await setUpWebhook(webhook);
  say(step);
  if (secret) {
    print(secret);
    note('The line above is the signing secret, shown this once: add it to STRIPE_WEBHOOK_SECRETS.');
  } else note('Its signing secret was shown when it was made; a new one can be rolled in the Stripe Dashboard.');
  return 0;
}

/** Runs the command; answers its exit code: 0 done, 1 refused, 2 not understood. */
export async function stripeCommand(args: string[]): Promise<number> {
  try {
    const { values, positionals } = parseArgs({ args, options, allowPositionals: true });
    const [command, ...rest] = positionals;
    if (command === 'setup' && rest.length === 0) return await setup(values.webhook, values.live);
    return misuse(command ? `There is no stripe ${positionals.join(' ')}.` : 'Name a command.');
  } catch (error) {
    if (error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS'))
      return misuse(error.message);
    throw error;
  }
}
