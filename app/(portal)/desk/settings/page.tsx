/** Query desk → Limits: what is used of today, what a query and a day may bill, and caps of keys. */
import { formatDistance } from '@/app/_ui/format';
import { Meter } from '@/app/_ui/meter';
import { Notice } from '@/app/_ui/notice';
import { SideCard, WithSide } from '@/app/_ui/side-column';
import { deniedPage } from '@/app/(portal)/_shell/denied-page';
import { RecentChanges } from '@/app/(portal)/_shell/recent-changes';
import { pageTitle } from '@/app/(portal)/_shell/visitor';
import { whoCan } from '@/app/(portal)/_shell/who-can';
import { DeskPage, deskRefusal } from '@/app/(portal)/desk/_parts/desk-page';
import { CapsCard } from '@/app/(portal)/desk/settings/_parts/caps-card';
import { KeysCard } from '@/app/(portal)/desk/settings/_parts/keys-card';
import { listKeyCaps } from '@/lib/domains/desk/caps/key-caps';
import { readDeskSettings } from '@/lib/domains/desk/caps/set-caps';
import { mostRunning, resultHours, resultRows } from '@/lib/domains/desk/rules';
import { landing } from '@/lib/edge/portal/landing';
import { requireMember, visitorMay } from '@/lib/edge/portal/page';
import { requireCustomer } from '@/lib/kernel/ctx';
import { nextUtcMidnight } from '@/lib/platform/clock';
import { formatBytes } from '@/lib/platform/words/format-bytes';

export const generateMetadata = () => pageTitle('Limits of queries');

const sentences: Record<string, string> = {
  set: 'Saved. It holds for queries that are asked from now on.',
  key: 'The key’s cap is saved. It holds for queries that are asked from now on.',
};

export default async function LimitsPage() {
  const visitor = await requireMember();
  if (!visitorMay(visitor, 'desk:query')) return deniedPage(visitor, 'desk.run_query', deskRefusal);
  const ctx = requireCustomer(visitor.ctx);
  const mayManage = visitorMay(visitor, 'desk:manage');
  const [caps, keys] = await Promise.all([readDeskSettings(ctx, {}), mayManage ? listKeyCaps(ctx, {}) : []]);
  const { done = '' } = await landing();
  const sentence = Object.hasOwn(sentences, done) ? sentences[done] : undefined;
  return (
    <DeskPage
      visitor={visitor}
      current="settings"
      crumbs={[{ label: 'Limits' }]}
      title="Limits of queries"
      sentence="How many bytes the organization’s queries may bill. What is over a limit is refused before it runs."
    >
      <WithSide
        side={
          <>
            <SideCard
              title="Limits"
              lines={[
                whoCan('desk:manage', 'set limits'),
                'The least of all caps holds: the operator’s, the organization’s, the key’s, and the query’s own.',
                `At most ${mostRunning} queries of the organization run at a time.`,
                `A result has at most ${resultRows.toLocaleString('en-US')} rows that can be read, for ${resultHours} hours.`,
              ]}
            />
            <RecentChanges visitor={visitor} target="desk" />
          </>
        }
      >
        <div className="flex flex-col gap-4">
          {sentence && (
            <Notice tone="ok" closable>
              {sentence}
            </Notice>
          )}
          <section aria-label="Today" className="card p-4">
            <Meter
              label="Billed today"
              kind="refuse"
              used={caps.dayBytes}
              limit={caps.bytesPerDay}
              words={`${formatBytes(caps.dayBytes)} of ${formatBytes(caps.bytesPerDay, { exact: true })}`}
              note={`Queries that run count with their estimate. Begins anew ${formatDistance(nextUtcMidnight(ctx.clock()), ctx.clock())} (00:00 UTC).`}
            />
          </section>
          <CapsCard caps={caps} customerId={ctx.customerId} mayManage={mayManage} />
          {mayManage && <KeysCard keys={keys} customerId={ctx.customerId} capBytes={caps.maxBytesPerQuery} />}
        </div>
      </WithSide>
    </DeskPage>
  );
}
