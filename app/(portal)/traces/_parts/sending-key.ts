/** A key of the organization that may send traces: its name and start, never more. */
import { listKeys } from '@/lib/domains/keys/queries';
import type { Ctx } from '@/lib/kernel/ctx';

/** The newest active key with the scope; null where there is none, or keys cannot be read now. */
export async function sendingKey(ctx: Ctx): Promise<{ name: string; start: string } | null> {
  const { keys } = await listKeys(ctx, { status: 'active', limit: 50 }).catch(() => ({ keys: [] }));
  const found = keys.find(({ scopes }) => scopes.includes('traces:write'));
  return found ? { name: found.name, start: found.key_prefix } : null;
}
