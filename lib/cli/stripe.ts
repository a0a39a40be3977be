/** `cli stripe …`: what the product needs in a Stripe account, made there or corrected; the local double is one too. */
import { command, WrongUse } from '@/lib/cli/command';
import type { SetUpStep } from '@/lib/domains/subscriptions/stripe/catalog';
import { setUpCatalog, setUpWebhook } from '@/lib/domains/subscriptions/stripe/catalog';
import { env } from '@/lib/platform/env';

const print = (line: string) => process.stdout.write(`${line}\n`);
const note = (line: string) => process.stderr.write(`${line}\n`);

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
    throw new WrongUse('--webhook: Give an address that begins with https://.');
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

export const stripeCommands = {
  setup: command({
    description:
      "make or correct a product and a monthly price of each plan and the billing portal's settings; " +
      'a second run changes nothing',
    args: {
      webhook: {
        type: 'string',
        description:
          'also the endpoint that Stripe calls, /api/webhooks/stripe of the data plane (faster) or of the portal; its signing secret is printed on standard output, once: put it into STRIPE_WEBHOOK_SECRETS',
        valueHint: 'url',
      },
      live: { type: 'boolean', description: 'say so where the key is a live one' },
    },
    run: ({ webhook, live }) => setup(webhook, live),
  }),
};
