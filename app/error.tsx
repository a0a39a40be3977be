'use client';
/** 500 of a page, and the offline variant. The thrown error's digest is the request id where the page set one. */
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
    <ErrorPage title="Something failed on our side" actions={actions} requestId={digest}>
      <p>This page could not be loaded. If you have just sent a form, check the list before you send it again.</p>
    </ErrorPage>
  );
}
