'use client';
/** 500 of a page, and the offline variant. The thrown error's digest is the request id where the page set one. */
import { CopyButton } from '@/app/_ui/copy-button';
import { ErrorPage } from '@/app/_ui/error-page';

export default function PageError({ error, retry }: { error: unknown; retry: () => void }) {
  const digest = error instanceof Error && 'digest' in error ? String(error.digest) : undefined;
  const actions = (
    <>
      <button type="button" className="btn btn-primary" onClick={() => retry()}>
        Try again
      </button>
      <a className="btn btn-plain" href="/">
        Overview
      </a>
    </>
  );
  if (typeof navigator !== 'undefined' && !navigator.onLine)
    return (
      <ErrorPage title="You are offline" actions={actions}>
        <p>The page could not be loaded because this device has no connection. Try again when it is back.</p>
      </ErrorPage>
    );
  return (
    <ErrorPage
      title="Something failed on our side"
      actions={actions}
      requestId={digest}
      copy={digest && <CopyButton value={digest} label="Copy request id" noun="id" />}
    >
      <p>We could not confirm the change. Check the list before trying again.</p>
    </ErrorPage>
  );
}
