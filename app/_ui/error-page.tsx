/** A whole page that says what went wrong, why, and what to do next. Plain markup: used on the server and in error boundaries. */
import type { ReactNode } from 'react';

type Props = {
  /** The h1: what happened. */
  title: string;
  children?: ReactNode;
  /** Links and buttons; the most useful first. */
  actions?: ReactNode;
  requestId?: string;
  copy?: ReactNode;
};

export function ErrorPage({ title, children, actions, requestId, copy }: Props) {
  return (
    <main id="main" className="mx-auto flex min-h-dvh max-w-prose flex-col items-start justify-center gap-3 px-4 py-12">
      <p className="font-semibold text-muted">Tenantry</p>
      <h1>{title}</h1>
      {children}
      {actions && <div className="mt-2 flex flex-wrap gap-2">{actions}</div>}
      {requestId && (
        <p className="mt-2 flex flex-wrap items-center gap-2 text-table text-muted">
          Request id <code>{requestId}</code>
          {copy}
        </p>
      )}
    </main>
  );
}

type ForbiddenProps = {
  /** From onlyAdminsCan(): "Only admins can create API keys. Admins: Mia Kern." */
  sentence?: string;
};

/** 403, shown before any form is. */
export function ForbiddenPage({
  sentence = 'Your role does not allow this page. An admin of your organization can change it.',
}: ForbiddenProps) {
  return (
    <ErrorPage
      title="You cannot open this page"
      actions={
        <a className="btn btn-primary" href="/">
          Overview
        </a>
      }
    >
      <p>{sentence}</p>
    </ErrorPage>
  );
}
