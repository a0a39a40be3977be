/** The one way a page of the portal refuses a member: the attempt goes on record, then the page says who can. */
import type { ReactNode } from 'react';
import { ForbiddenPage } from '@/app/_ui/error-page';
import { onlyAdminsCan } from '@/app/_ui/page-header';
import { viewOfForm } from '@/lib/domains/audit/attempts';
import { readAdmins } from '@/lib/domains/team/membership';
import type { Visitor } from '@/lib/edge/portal/page';
import { recordRefusal } from '@/lib/kernel/audit/audit';

/** The page before any form; `action` is what its form would do, or the page itself, as lib/domains/audit/attempts.ts has words for it. */
export async function deniedPage({ ctx }: Pick<Visitor, 'ctx'>, action: string, sentence: string): Promise<ReactNode> {
  await recordRefusal(ctx, viewOfForm(action));
  return <ForbiddenPage sentence={sentence} requestId={ctx.requestId} />;
}

/** The same with the admins by name: "Only admins can create API keys. Admins: Mia Kern." */
export async function adminsOnlyPage(visitor: Visitor, action: string, doWhat: string): Promise<ReactNode> {
  return deniedPage(visitor, action, onlyAdminsCan(doWhat, await readAdmins(visitor.membership.customerId)));
}
