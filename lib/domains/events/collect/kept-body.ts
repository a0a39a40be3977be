/** What of a body the log keeps: all of it as it was sent, but addresses where the source says so, and what is too deep. */

import type { CheckedBody, SentBody } from '@/lib/domains/events/collect/check-body';
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
 * The text that the log keeps: as it was sent, or with every `context.ip` cut to /24 or /48. Of a body that is nested deeper
 * than we take the refused items go, as nothing that reads the log may have to walk them.
 */
export function keptBody({ text, kind }: SentBody, { isDeep, refused }: CheckedBody, redactsIp: boolean): string {
  if (!redactsIp && !isDeep) return text;
  // Read again, so that numbers keep the digits they were sent with; that reader is not for depths.
  const value = (isDeep ? JSON.parse(text) : parseJson(text, 'kept')) as { batch?: unknown };
  const items = kind === 'batch' && Array.isArray(value.batch) ? value.batch : null;
  if (isDeep && refused.length > 0) {
    if (!items) return '{}';
    for (const { index } of refused) items[index] = null;
  }
  const found = redactsIp && [value, ...(items ?? [])].map(cutIn).some(Boolean);
  return found || isDeep ? JSON.stringify(value) : text;
}
