/** Every component in every state, for review; does not exist in production. */
import type { Metadata } from 'next';
import { forbidden, notFound } from 'next/navigation';
import { connection } from 'next/server';
import { AppShell } from '@/app/_ui/app-shell';
import { LinkButton } from '@/app/_ui/button';
import { listParams } from '@/app/_ui/list-params';
import { Banner } from '@/app/_ui/notice';
import { PageFrame } from '@/app/_ui/page-frame';
import { PageHeader } from '@/app/_ui/page-header';
import { Tabs } from '@/app/_ui/tabs';
import { now } from '@/app/(dev)/gallery/data';
import { ChartSection, MeterSection, StateSection, StatusSection, TableSection } from '@/app/(dev)/gallery/display';
import { ButtonSection, DialogSection, FormSection } from '@/app/(dev)/gallery/input';
import { TimelineSection } from '@/app/(dev)/gallery/timeline';
import { env } from '@/lib/platform/env';

export const metadata: Metadata = { title: 'Gallery · Acme · Tenantry' };

type Props = { searchParams: Promise<Record<string, string | string[] | undefined>> };

export default async function Gallery({ searchParams }: Props) {
  await connection();
  if (env().NODE_ENV === 'production') notFound();
  const params = listParams(await searchParams);
  if (params.show === 'forbidden') forbidden();
  if (params.show === 'error') throw new Error('The gallery was asked for its error page.');
  const organizations = [
    { customerId: 'a', name: 'Acme' },
    { customerId: 'b', name: 'Northwind Analytics and Reporting Services' },
  ];
  return (
    <AppShell
      organization={organizations[0] ?? { customerId: '', name: '' }}
      organizations={organizations}
      person={{ name: 'Mia Kern', email: 'mia@acme.example', role: 'Owner' }}
    >
      <PageFrame
        current="keys"
        crumbs={[{ label: 'Gallery' }]}
        runsToday={{ used: 5, limit: 6, note: 'resets in 5 h 12 min (00:00 UTC)' }}
        trial={{ text: 'Trial: 9 days left', href: '/billing' }}
        banner={
          <Banner tone="bad" action={<LinkButton href="/billing">Change plan</LinkButton>}>
            Daily run limit reached: 6 of 6. New runs are refused until 00:00 UTC (in 5 h 12 min).
          </Banner>
        }
      >
        <PageHeader
          title="Gallery"
          sentence="Every component in every state, so that they can be reviewed together."
          viewOnly={{ admins: ['Mia Kern', 'Jo Lind'] }}
          actions={
            <LinkButton href="/keys/new" variant="primary" icon="plus">
              Create key
            </LinkButton>
          }
        />
        <Tabs
          label="Gallery"
          items={[
            { href: '/gallery', label: 'Components', current: true },
            { href: '/gallery?tab=empty', label: 'Another tab', current: false },
          ]}
        />
        <div className="flex flex-col gap-8">
          <TableSection params={params} now={now} />
          <TimelineSection now={now} />
          <MeterSection />
          <ChartSection />
          <StatusSection now={now} />
          <ButtonSection />
          <FormSection />
          <DialogSection />
          <StateSection />
        </div>
      </PageFrame>
    </AppShell>
  );
}
