/** Pull requests → People: which account of GitHub each developer of AI usage is, and who is unmatched. */
import { LinkButton } from '@/app/_ui/button';
import { Card } from '@/app/_ui/card';
import { FilterBar, type FilterField } from '@/app/_ui/filter-bar';
import { formatCount, formatPlural } from '@/app/_ui/format';
import { Link } from '@/app/_ui/link';
import { hrefWith } from '@/app/_ui/list-params';
import { Notice } from '@/app/_ui/notice';
import { PageHeader } from '@/app/_ui/page-header';
import { Pager } from '@/app/_ui/pager';
import { EmptyState } from '@/app/_ui/states';
import { statuses } from '@/app/_ui/status';
import { FreshnessNote } from '@/app/(portal)/_charts/freshness-note';
import { ListError } from '@/app/(portal)/_shell/list-error';
import { PortalPage } from '@/app/(portal)/_shell/portal-page';
import { type Search, searchFilter } from '@/app/(portal)/_shell/search-filter';
import { pageTitle, timeMode } from '@/app/(portal)/_shell/visitor';
import { PullRequestsTabs } from '@/app/(portal)/pull-requests/_parts/pull-requests-tabs';
import { peopleHref, pullsHref } from '@/app/(portal)/pull-requests/_parts/pull-words';
import { PeopleTable } from '@/app/(portal)/pull-requests/people/_parts/people-table';
import { doneSentence, personStatus } from '@/app/(portal)/pull-requests/people/_parts/people-words';
import { cardFromStart } from '@/app/(portal)/traces/_parts/from-start';
import { peopleDays } from '@/lib/domains/pull-requests/people/list-developers';
import {
  listPeople,
  listPeopleInput,
  type PeoplePage,
  personStates,
} from '@/lib/domains/pull-requests/people/read-people';
import { readAdmins } from '@/lib/domains/team/membership';
import { landing } from '@/lib/edge/portal/landing';
import { requireMember, visitorMay } from '@/lib/edge/portal/page';
import { requireCustomer } from '@/lib/kernel/ctx';

export const generateMetadata = () => pageTitle('People on GitHub');

const fields = (counts: PeoplePage['counts'] | undefined): readonly FilterField[] => [
  { type: 'search', name: 'q', label: 'Search', placeholder: 'Developer or login' },
  {
    type: 'select',
    name: 'state',
    label: 'State',
    options: [
      { value: '', label: 'All states' },
      ...personStates.map(state => ({
        value: state,
        label: `${statuses[personStatus[state]].word}${counts ? ` (${formatCount(counts[state])})` : ''}`,
      })),
    ],
  },
];

function UnmatchedAccounts({ page: { unmatched_logins: shown, unmatched_total: total } }: { page: PeoplePage }) {
  if (total === 0) return null;
  return (
    <Card
      title="Authors that no developer is"
      note={`${formatPlural(total, 'account')}${total > shown.length ? `, the ${shown.length} last active` : ''}`}
    >
      <p className="text-muted">Their pull requests find AI by branch and co-author only.</p>
      <ul className="flex flex-wrap gap-x-4 gap-y-1">
        {shown.map(({ login, pull_requests }) => (
          <li key={login}>
            <Link className="link wrap-anywhere" href={hrefWith(pullsHref, { author: login, days: '90' }, {})}>
              {login}
            </Link>
            <span className="text-muted"> ({formatPlural(pull_requests, 'pull request')})</span>
          </li>
        ))}
      </ul>
    </Card>
  );
}

const Nobody = ({ isFiltered }: { isFiltered: boolean }) =>
  isFiltered ? (
    <EmptyState
      icon="search"
      title="Nobody matches these filters."
      action={<LinkButton href={peopleHref}>Clear all</LinkButton>}
    />
  ) : (
    <EmptyState icon="users" title={`No developer used AI in the last ${peopleDays} days.`}>
      Developers appear here once their requests to AI models are sent.
    </EmptyState>
  );

export default async function PeoplePageOfPortal({ searchParams }: { searchParams: Search }) {
  const visitor = await requireMember();
  const ctx = requireCustomer(visitor.ctx);
  const { customerId } = visitor.membership;
  const mayWrite = visitorMay(visitor, 'pull-requests:write');
  const { done } = await landing();
  const { params, filter, unknown } = await searchFilter(listPeopleInput, searchParams);
  const [read, admins] = await Promise.all([
    cardFromStart(ctx.requestId, filter, asked => listPeople(ctx, asked)),
    mayWrite ? [] : readAdmins(customerId),
  ]);
  const sentence = doneSentence(done);
  const isFiltered = Object.values(params).some(Boolean);
  return (
    <PortalPage visitor={visitor} current="pulls" crumbs={[{ label: 'People' }]}>
      <PageHeader
        title="People"
        sentence="Which account on GitHub each developer of AI usage is. Sessions count on pull requests of accounts that are confirmed, or named as the developer is."
        viewOnly={mayWrite ? undefined : { admins }}
        actions={mayWrite && <LinkButton href={`${peopleHref}/import`}>Import CSV</LinkButton>}
      />
      <PullRequestsTabs current="people" />
      <div className="flex flex-col gap-4">
        {sentence && (
          <Notice tone="ok" closable>
            {sentence}
          </Notice>
        )}
        {unknown && <Notice tone="warn">A filter in the address is not known. These are all people.</Notice>}
        <FilterBar
          path={peopleHref}
          params={params}
          fields={fields(read.ok ? read.data.counts : undefined)}
          keep={['limit']}
        />
        {read.ok ? (
          <>
            <FreshnessNote cards={[read]} />
            <PeopleTable
              people={read.data.people}
              now={ctx.clock()}
              mode={timeMode(visitor)}
              customerId={customerId}
              mayWrite={mayWrite}
              empty={<Nobody isFiltered={isFiltered} />}
              footer={
                <Pager
                  path={peopleHref}
                  params={params}
                  shown={read.data.people.length}
                  nextCursor={read.data.nextCursor ?? undefined}
                  sized
                />
              }
            />
            <UnmatchedAccounts page={read.data} />
          </>
        ) : (
          <ListError noun="people" path={peopleHref} params={params} requestId={ctx.requestId} reason={read.reason} />
        )}
      </div>
    </PortalPage>
  );
}
