/** 404 of an address that no page has; a member sees it inside the frame, to go on from there. */
import type { Metadata } from 'next';
import { connection } from 'next/server';
import { NotFoundPage } from '@/app/_ui/error-page';
import { PortalFrame } from '@/app/(portal)/_shell/portal-frame';
import { currentRequestId, currentSession, requireMember } from '@/lib/edge/portal/page';

export const metadata: Metadata = { title: 'Not found · Tenantry' };

export default async function NotFound() {
  // A page made at build time would carry no nonce, and its scripts would be refused.
  await connection();
  const page = <NotFoundPage requestId={await currentRequestId()} />;
  const session = await currentSession();
  return session?.membership ? <PortalFrame visitor={await requireMember()}>{page}</PortalFrame> : page;
}
