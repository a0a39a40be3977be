/** `cli service-keys …`: the operator's keys, for machines that act for any customer. */
import { command, WrongUse } from '@/lib/cli/command';
import { rateTiers } from '@/lib/domains/keys/rules';
import { createServiceKey, listServiceKeys, revokeServiceKey } from '@/lib/domains/keys/service-keys';
import type { KeyView } from '@/lib/domains/keys/view';
import { systemCtx } from '@/lib/kernel/ctx';
import { serviceScopes } from '@/lib/kernel/permissions';

const dayMs = 86_400_000;
const print = (line: string) => process.stdout.write(`${line}\n`);
const note = (line: string) => process.stderr.write(`${line}\n`);
const ctx = () => systemCtx('cli');

/** The instant that many days from now, or null without a number. */
function expiryOf(days: string | undefined): string | null {
  if (days === undefined) return null;
  if (!/^[1-9]\d{0,3}$/.test(days)) throw new WrongUse('--expires-days: use a whole number of days.');
  return new Date(Date.now() + Number(days) * dayMs).toISOString();
}

type NewKey = { name: string; scopes: string; 'expires-days': string | undefined; tier: string | undefined };

async function create(values: NewKey): Promise<number> {
  const { result } = await createServiceKey(ctx(), {
    name: values.name,
    scopes: values.scopes.split(',').map(scope => scope.trim()),
    expires_at: expiryOf(values['expires-days']),
    ...(values.tier === undefined ? {} : { rate_limit_tier: values.tier }),
  });
  print(result.secret.reveal());
  note(`Created ${result.key.api_key_id}. The key above is shown this once; only its hash and a sealed copy are kept.`);
  return 0;
}

const line = (key: KeyView): string =>
  [
    key.api_key_id,
    key.status.padEnd(12),
    `${key.key_prefix}…${key.key_last4}`,
    key.expires_at ? `expires ${key.expires_at.toISOString()}` : 'never expires',
    key.last_used_at ? `used ${key.last_used_at.toISOString()}` : 'never used',
    key.scopes.join(','),
    key.name,
  ].join('  ');

async function list(): Promise<number> {
  const keys = await listServiceKeys(ctx());
  for (const key of keys) print(line(key));
  note(`${keys.length} service keys`);
  return 0;
}

async function revoke({ id, reason }: { id: string; reason: string | undefined }): Promise<number> {
  const { result } = await revokeServiceKey(ctx(), { api_key_id: id, reason });
  note(`${result.api_key_id} is refused from now on.`);
  return 0;
}

export const serviceKeysCommands = {
  create: command({
    description: 'print a new key on standard output, once; everything else on standard error',
    args: {
      name: { type: 'string', required: true, description: 'what it is for', valueHint: 'text' },
      scopes: {
        type: 'string',
        required: true,
        description: `with commas between: ${serviceScopes.join(', ')}`,
        valueHint: 'scopes',
      },
      'expires-days': { type: 'string', description: 'days until it expires; never unless named', valueHint: 'days' },
      tier: { type: 'enum', options: [...rateTiers], description: 'how many requests a second' },
    },
    run: create,
  }),
  list: command({ description: 'all service keys, oldest first', run: list }),
  revoke: command({
    description: 'refuse a key from now on',
    args: {
      id: { type: 'positional', description: 'of the key' },
      reason: { type: 'string', description: 'why', valueHint: 'text' },
    },
    run: revoke,
  }),
};
