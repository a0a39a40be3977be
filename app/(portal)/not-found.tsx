/** 404 inside the frame: for a thing that never was and for another organization's alike. */
import type { Metadata } from 'next';
import { NotFoundPage } from '@/app/_ui/error-page';
import { currentRequestId } from '@/lib/edge/portal/page';

export const metadata: Metadata = { title: 'Not found · Tenantry' };

export default async function PortalNotFound() {
  return <NotFoundPage requestId={await currentRequestId()} />;
}
