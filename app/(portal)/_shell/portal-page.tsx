/** What a member's page gives the frame: the live runs meter from Postgres, the trial line, and the one banner. */
import type { ReactNode } from 'react';
import { LinkButton } from '@/app/_ui/button';
import { formatDuration } from '@/app/_ui/format';
import type { NavId } from '@/app/_ui/nav';
import { Banner } from '@/app/_ui/notice';
import { PageFrame } from '@/app/_ui/page-frame';
import { type BannerContent, chooseBanner, trialLine } from '@/app/(portal)/_shell/banner';
import { Landed } from '@/app/(portal)/_shell/landed';
import { sectionHref } from '@/app/(portal)/_shell/sections';
import { visitorQuota, visitorSubscription } from '@/app/(portal)/_shell/visitor';
import { failingCredentials } from '@/lib/domains/credentials/check/failing-credentials';
import type { Quota } from '@/lib/domains/quotas/read-quota';
import { readAdmins } from '@/lib/domains/team/membership';
import { type Visitor, visitorMay } from '@/lib/edge/portal/page';
import { requireCustomer } from '@/lib/kernel/ctx';

type Props = {
  visitor: Visitor;
  current: NavId;
  crumbs?: readonly { label: string; href?: string }[];
  children: ReactNode;
};

/** The Billing page says itself what is owed, with the form that helps. */
const saidByPage = (current: NavId, banner: BannerContent): boolean =>
  current === 'billing' && banner.about === 'billing' && banner.help !== undefined;

async function bannerOf(visitor: Visitor, quota: Quota, current: NavId): Promise<ReactNode> {
  const { customerStatus, trialEndDate, deletionDueAt, customerId } = visitor.membership;
  const mayAct = visitorMay(visitor, 'billing:write');
  const [admins, billing, failing] = await Promise.all([
    mayAct ? [] : readAdmins(customerId),
    visitorSubscription(visitor),
    failingCredentials(requireCustomer(visitor.ctx)),
  ]);
  const banner = chooseBanner({
    ...quota,
    customerStatus,
    trialEndDate,
    deletionDueAt,
    billing,
    failingCredentials: failing.map(({ name }) => name),
    now: quota.asOf,
    mayAct,
    admins,
  });
  if (!banner || saidByPage(current, banner)) return null;
  const href = sectionHref(banner.about === 'credentials' ? 'credentials' : 'billing');
  const action = banner.help ? <LinkButton href={href}>{banner.help}</LinkButton> : undefined;
  return (
    <Banner tone={banner.tone} action={action}>
      {banner.text}
    </Banner>
  );
}

/** A page of the portal, inside the frame that app/(portal)/layout.tsx draws. */
export async function PortalPage({ visitor, current, crumbs, children }: Props) {
  const { membership } = visitor;
  const quota = await visitorQuota(visitor);
  const trial = trialLine(membership.customerStatus, membership.trialEndDate, quota.asOf);
  return (
    <PageFrame
      current={current}
      crumbs={crumbs}
      banner={await bannerOf(visitor, quota, current)}
      runsToday={{
        used: quota.runsToday,
        limit: quota.dailyLimit,
        note: `resets in ${formatDuration(quota.resetsAt.getTime() - quota.asOf.getTime())}`,
      }}
      trial={
        trial
          ? { text: trial, href: visitorMay(visitor, 'billing:write') ? sectionHref('billing') : undefined }
          : undefined
      }
    >
      <Landed {...visitor} />
      {children}
    </PageFrame>
  );
}
