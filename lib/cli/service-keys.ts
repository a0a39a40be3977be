/** `cli service-keys …`: the operator's keys, for machines that act for any customer. */
import { parseArgs } from 'node:util';
import { createServiceKey, listServiceKeys, revokeServiceKey } from '@/lib/domains/keys/service-keys';
import type { KeyView } from '@/lib/domains/keys/view';
import { systemCtx } from '@/lib/kernel/ctx';
import { serviceScopes } from '@/lib/kernel/permissions';
import { AppError } from '@/lib/platform/errors';

const usage = `Usage: service-keys <command>

  create --name <text> --scopes <scope,…> [--expires-days <days>] [--tier STANDARD|ELEVATED|UNLIMITED]
                     prints the new key on standard output, once; everything else on standard error
  list               all service keys, oldest first
  revoke <id> [--reason <text>]
                     refuses the key from now on

Scopes: ${serviceScopes.join(', ')}`;

const dayMs = 86_400_000;
const print = (line: string) => process.stdout.write(`${line}\n`);
const note = (line: string) => process.stderr.write(`${line}\n`);
const ctx = () => systemCtx('cli');

const options = {
  name: { type: 'string' },
  scopes: { type: 'string' },
  'expires-days': { type: 'string' },
  tier: { type: 'string' },
  reason: { type: 'string' },
} as const;

type Values = { [Name in keyof typeof options]?: string | undefined };

/** The instant that many days from now, or null without a number. Throws AppError invalid_input. */
function expiryOf(days: string | undefined): string | null {
  if (days === undefined) return null;
  if (!/^[1-9]\d{0,3}$/.test(days)) throw new AppError('invalid_input', '--expires-days: Use a whole number of days.');
  return new Date(Date.now() + Number(days) * dayMs).toISOString();
}

async function create(values: Values): Promise<number> {
  const { result } = await createServiceKey(ctx(), {
    name: values.name,
    scopes: values.scopes?.split(',').map(scope => scope.trim()),
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

async function revoke(id: string | undefined, values: Values): Promise<number> {
  if (!id) return misuse('Name the id of the key to revoke.');
  const { result } = await revokeServiceKey(ctx(), { api_key_id: id, reason: values.reason });
  note(`${result.api_key_id} is refused from now on.`);
  return 0;
}

function misuse(problem: string): number {
  note(`${problem}\n\n${usage}`);
  return 2;
}

/** Runs the command; answers its exit code: 0 done, 1 refused, 2 not understood. */
export async function serviceKeysCommand(args: string[]): Promise<number> {
  try {
    const { values, positionals } = parseArgs({ args, options, allowPositionals: true });
    const [command, ...rest] = positionals;
    if (command === 'create' && rest.length === 0) return await create(values);
    if (command === 'list' && rest.length === 0) return await list();
    if (command === 'revoke' && rest.length <= 1) return await revoke(rest[0], values);
    return misuse(command ? `There is no service-keys ${positionals.join(' ')}.` : 'Name a command.');
  } catch (error) {
    if (error instanceof AppError) {
      for (const field of error.fields ?? []) note(`${field.path}: ${field.message}`);
      if (!error.fields?.length) note(error.message);
      return 1;
    }
    if (error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS'))
      return misuse(error.message);
    throw error;
  }
}
