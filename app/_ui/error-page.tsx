/** A whole page that says what went wrong, why, and what to do next; used on the server and in error boundaries. */
import type { ReactNode } from 'react';
import { WhomToAsk } from '@/app/_ui/contacts-context';
import { CopyButton } from '@/app/_ui/copy-button';
import { Wordmark } from '@/app/_ui/wordmark';

type Props = {
  /** The h1: what happened. */
  title: string;
  children?: ReactNode;
  /** Links and buttons; the most useful first. */
  actions?: ReactNode;
  /** Finds the request in the logs; shown where there is one. */
  requestId?: string;
};

export function ErrorPage({ title, children, actions, requestId }: Props) {
  return (
    <main id="main" tabIndex={-1} className="error-page">
      <Wordmark />
      <h1>{title}</h1>
      {children}
      {actions && <div className="mt-2 flex flex-wrap gap-2">{actions}</div>}
      {requestId && (
        <p className="mt-2 flex flex-wrap items-center gap-2 text-table text-muted">
          Request id <code className="wrap-anywhere">{requestId}</code>
          <CopyButton value={requestId} label="Copy request id" noun="id" />
        </p>
      )}
      <WhomToAsk />
    </main>
  );
}

const toOverview = (
  <a className="btn btn-primary" href="/">
    Overview
  </a>
);

/** 404, the same for a page that never was and for another organization's: nothing leaks. */
export const NotFoundPage = ({ requestId }: { requestId: string }) => (
  <ErrorPage title="Not found" requestId={requestId} actions={toOverview}>
    <p>This page does not exist, or you are not a member of this organization.</p>
  </ErrorPage>
);

type ForbiddenProps = {
  /** From onlyAdminsCan(): "Only admins can create API keys. Admins: Mia Kern." */
  sentence?: string;
  requestId: string;
};

/** 403, shown before any form is; pages of the portal answer it by deniedPage, which puts the attempt on record. */
export function ForbiddenPage({
  sentence = 'Your role does not allow this page. An admin of your organization can change it.',
  requestId,
}: ForbiddenProps) {
  return (
    <ErrorPage title="You cannot open this page" requestId={requestId} actions={toOverview}>
      <p>{sentence}</p>
    </ErrorPage>
  );
}
