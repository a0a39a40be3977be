/** Puts on record what was refused outside commands and queries: a page, a file of the support console. */

import type { RequestInfo } from '@/lib/edge/request-info';
import { memberCtx, personCtx, type Session, staffCtx } from '@/lib/edge/session';
import { recordDenial } from '@/lib/kernel/audit';
import type { Ctx } from '@/lib/kernel/ctx';
import { log } from '@/lib/platform/log';

/**
 * Counts a refusal in its minute, as that of a command is. `action` is one that lib/domains/audit/actions.ts has words
 * for. What cannot be counted is logged: the visitor is refused all the same. Source: DESIGN 4, Audit.
 */
export async function recordRefusal(ctx: Ctx, action: string): Promise<void> {
  await recordDenial(ctx, action).catch(error =>
    log().warn({ err: error, action, request_id: ctx.requestId }, 'a refusal was not counted'),
  );
}

/**
 * The staff context of a session; null for anybody else, whose attempt is put on record: in the log of the organization
 * they act for, else in the strangers'.
 */
export async function staffCtxOf(session: Session, info: RequestInfo, action: string): Promise<Ctx | null> {
  if (session.isStaff) return staffCtx(session, info);
  const { membership } = session;
  await recordRefusal(membership ? memberCtx(session, membership, info) : personCtx(session, info), action);
  return null;
}
