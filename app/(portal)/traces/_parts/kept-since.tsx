/** Says where a list of AI usage ends because older rows are kept no longer; nothing where it reaches as far as it was asked. */
import type { ReactNode } from 'react';
import { formatDate } from '@/app/_ui/format';
import { Link } from '@/app/_ui/link';
import { Notice } from '@/app/_ui/notice';
import { retentionHref } from '@/app/(portal)/settings/retention/_parts/retention-words';
import { firstKeptDay } from '@/lib/domains/traces/retention/retention-days';
import { readRetention } from '@/lib/domains/traces/retention/set-retention';
import type { UsageDays } from '@/lib/domains/traces/usage/usage-filter';
import type { Visitor } from '@/lib/edge/portal/page';
import { requireCustomer } from '@/lib/kernel/ctx';

type Props = {
  visitor: Visitor;
  days: UsageDays;
  /** What of earlier days can be seen all the same. */
  children: ReactNode;
};

export async function KeptSince({ visitor, days, children }: Props) {
  const ctx = requireCustomer(visitor.ctx);
  const { keep_days: keepDays } = await readRetention(ctx, {});
  const since = keepDays === null ? null : firstKeptDay(keepDays, ctx.clock());
  if (since === null || days.from >= since) return null;
  return (
    <Notice
      tone="info"
      action={
        <Link className="link" href={retentionHref}>
          Data retention
        </Link>
      }
    >
      Requests are kept for {keepDays} days, since {formatDate(since)}. {children}
    </Notice>
  );
}

/** Of lists that need the requests themselves. */
export const onlySums = 'What earlier days came to stands in Usage and Models.';
