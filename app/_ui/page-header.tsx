/** The top of main: title, what the page is for, the one main action, or who may act for a viewer. */
import type { ReactNode } from 'react';
import { formatList } from '@/app/_ui/format';

type Props = {
  title: ReactNode;
  /** One sentence: what this page is for. */
  sentence?: ReactNode;
  /** At most one primary button, plain ones before it. */
  actions?: ReactNode;
  /** Set for people who cannot act here: "View only. Admins: Mia Kern, Jo Lind." */
  viewOnly?: { admins: readonly string[] };
};

export function PageHeader({ title, sentence, actions, viewOnly }: Props) {
  return (
    <header className="mb-6 flex flex-wrap items-start justify-between gap-x-6 gap-y-3">
      <div className="min-w-0 max-w-prose">
        <h1 className="wrap-anywhere">{title}</h1>
        {sentence && <p className="mt-1 text-muted">{sentence}</p>}
        {viewOnly && (
          <p className="mt-1 text-muted">
            View only.{viewOnly.admins.length > 0 && ` Admins: ${viewOnly.admins.join(', ')}.`}
          </p>
        )}
      </div>
      {actions && <div className="flex flex-wrap gap-2">{actions}</div>}
    </header>
  );
}

/** The 403 sentence: "Only admins can create API keys. Admins: Mia Kern and Jo Lind." */
export function onlyAdminsCan(doWhat: string, admins: readonly string[]): string {
  return `Only admins can ${doWhat}.${admins.length > 0 ? ` Admins: ${formatList(admins)}.` : ''}`;
}
