/** 404, the same for a page that never was and for another organization's: nothing leaks. */
import type { Metadata } from 'next';
import { connection } from 'next/server';
import { ErrorPage } from '@/app/_ui/error-page';
import { currentRequestId } from '@/lib/edge/portal/page';

export const metadata: Metadata = { title: 'Not found · Tenantry' };

export default async function NotFound() {
  // A page made at build time would carry no nonce, and its scripts would be refused.
  await connection();
  return (
    <ErrorPage
      title="Not found"
      requestId={await currentRequestId()}
      actions={
        <a className="btn btn-primary" href="/">
          Overview
        </a>
      }
    >
      <p>This page does not exist, or you are not a member of this organization.</p>
    </ErrorPage>
  );
}
