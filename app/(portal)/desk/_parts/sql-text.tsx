/** A query to read and to copy, in colours. */
// biome-ignore-all lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by keyboard.
// biome-ignore-all lint/a11y/useSemanticElements: a group that scrolls is no fieldset.
// biome-ignore-all lint/security/noDangerouslySetInnerHtml: made by sqlHtml(), which escapes every text.
import type { ReactNode } from 'react';
import { CopyButton } from '@/app/_ui/copy-button';
import { sqlHtml } from '@/app/(portal)/desk/_parts/sql-html';

/** `actions` stand beside the button that copies it. */
export const SqlText = async ({ sql, actions }: { sql: string; actions?: ReactNode }) => (
  <div className="flex min-w-0 flex-col items-start gap-3">
    <div role="group" aria-label="Query" tabIndex={0} className="sql-text">
      <pre>
        <code dangerouslySetInnerHTML={{ __html: await sqlHtml(sql) }} />
      </pre>
    </div>
    <div className="flex flex-wrap items-start gap-2">
      <CopyButton value={sql} label="Copy query" noun="query" />
      {actions}
    </div>
  </div>
);
