/** 403 for forbidden(); pages that know who may act render ForbiddenPage with that sentence instead. */
import type { Metadata } from 'next';
import { ForbiddenPage } from '@/app/_ui/error-page';

export const metadata: Metadata = { title: 'No access · Tenantry' };

export default function Forbidden() {
  return <ForbiddenPage />;
}
