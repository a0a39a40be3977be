/** What a list or card shows when it has nothing to show: never any, filtered to none, failed, still loading. */
import type { ReactNode } from 'react';
import { Icon, type IconName } from '@/app/_ui/icon';

type EmptyProps = {
  /** "No API keys yet." or "No key matches these filters." */
  title: string;
  /** What to do about it, one sentence. */
  children?: ReactNode;
  /** One link or button, such as [Create key] or [Clear all]. */
  action?: ReactNode;
  icon?: IconName;
};

export function EmptyState({ title, children, action, icon }: EmptyProps) {
  return (
    <div className="card flex flex-col items-center gap-2 px-4 py-12 text-center">
      {icon && <Icon name={icon} size={24} className="text-muted" />}
      <p className="font-semibold">{title}</p>
      {children && <p className="max-w-prose text-muted">{children}</p>}
      {action && <div className="mt-2">{action}</div>}
    </div>
  );
}

type ErrorProps = {
  /** "Could not load runs." */
  title: string;
  children?: ReactNode;
  /** The page's own address: trying again is loading it again. */
  retryHref: string;
  requestId?: string;
};

/** A card that failed while the rest of the page stays. */
export function ErrorState({ title, children, retryHref, requestId }: ErrorProps) {
  return (
    <div className="card flex flex-col items-start gap-2 p-4" role="alert">
      <p className="flex items-center gap-2 font-semibold">
        <Icon name="circle-x" className="text-bad" />
        {title}
      </p>
      {children && <p className="text-muted">{children}</p>}
      {requestId && (
        <p className="text-meta text-muted">
          Request id <code>{requestId}</code>
        </p>
      )}
      <a className="btn btn-plain" href={retryHref}>
        <Icon name="rotate-cw" />
        Try again
      </a>
    </div>
  );
}
