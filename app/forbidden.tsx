/** 403 for forbidden(), which the pages of the portal do not call: deniedPage puts the attempt on record and says who can. */
import type { Metadata } from 'next';
import { ForbiddenPage } from '@/app/_ui/error-page';
import { currentRequestId } from '@/lib/edge/portal/page';

export const metadata: Metadata = { title: 'No access · Tenantry' };

export default async function Forbidden() {
  return <ForbiddenPage requestId={await currentRequestId()} />;
}
