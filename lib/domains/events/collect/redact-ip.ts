/** Cuts the sender's address in a body to its network, where the source says that whole addresses are not kept. */

import type { SentBody } from '@/lib/domains/events/collect/check-body';
import { isFields } from '@/lib/domains/events/collect/check-call';
import { parseJson } from '@/lib/platform/exact-json';
import { networkOf } from '@/lib/platform/http/networks';

/** However it is written, it becomes the column `context_ip`. */
const addressName = /^[\s_-]*i_?p[\s_-]*$/i;

/** What is no address is no network either, and goes. */
function cutIn(holder: unknown): boolean {
  if (!isFields(holder) || !isFields(holder.context)) return false;
  const { context } = holder;
  let found = false;
  for (const name of Object.keys(context)) {
    if (!addressName.test(name) || context[name] === null) continue;
    const address = context[name];
    context[name] = typeof address === 'string' ? networkOf(address) : null;
    found = true;
  }
  return found;
}

/**
 * The body's text with every `context.ip` cut to /24 or /48; as it was sent where it has none. Of a body that is nested
 * deeper than we take the `refused` items go, as nothing may walk them.
 */
export function withoutAddresses({ text, kind }: SentBody, refused: readonly number[] | null): string {
  // Read again, so that numbers keep the digits they were sent with.
  const value = (refused ? JSON.parse(text) : parseJson(text, 'kept')) as { batch?: unknown };
  const items = kind === 'batch' && Array.isArray(value.batch) ? value.batch : null;
  if (refused && !items) return '{}';
  for (const index of refused ?? []) if (items) items[index] = null;
  const found = [value, ...(items ?? [])].map(cutIn).some(Boolean);
  return found || refused ? JSON.stringify(value) : text;
}
