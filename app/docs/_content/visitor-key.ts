/** The start of the visitor's newest key, so that samples name it; a visitor who is not signed in has none. */

import { headers } from 'next/headers';
import { listKeys } from '@/lib/domains/keys/queries';
import { requestInfo } from '@/lib/edge/http/request-info';
import { currentSession } from '@/lib/edge/portal/page';
import { memberCtx } from '@/lib/edge/portal/sign-in/session';

export type VisitorKey = { name: string; start: string };

/** Name and start of the organization's newest active key, never more; null where there is none, or it cannot be read now. */
export async function visitorKey(): Promise<VisitorKey | null> {
  try {
    const session = await currentSession();
    if (!session?.membership) return null;
    const ctx = memberCtx(session, session.membership, requestInfo(await headers()));
    const [newest] = (await listKeys(ctx, { status: 'active', limit: 10 })).keys;
    return newest ? { name: newest.name, start: newest.key_prefix } : null;
  } catch {
    // The page says the same without the key.
    return null;
  }
}
