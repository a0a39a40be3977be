/** Puts on record what was refused outside commands and queries: a page, a file of the support console. */

import type { RequestInfo } from '@/lib/edge/http/request-info';
import { memberCtx, personCtx, type Session, staffCtx } from '@/lib/edge/portal/sign-in/session';
import { recordRefusal } from '@/lib/kernel/audit/audit';
import type { Ctx } from '@/lib/kernel/ctx';

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
