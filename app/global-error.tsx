'use client';
/** 500 when the root layout itself failed: a document of its own, following the system's theme. */
import '@/app/globals.css';
import { ErrorPage } from '@/app/_ui/error-page';

export default function GlobalError({ error, retry }: { error: unknown; retry: () => void }) {
  const digest = error instanceof Error && 'digest' in error ? String(error.digest) : undefined;
  return (
    <html lang="en">
      <body>
        <title>Something failed · Tenantry</title>
        <ErrorPage
          title="Something failed on our side"
          requestId={digest}
          actions={
            <button type="button" className="btn btn-primary" onClick={() => retry()}>
              Try again
            </button>
          }
        >
          <p>This page could not be loaded. If you have just sent a form, check the list before you send it again.</p>
        </ErrorPage>
      </body>
    </html>
  );
}
