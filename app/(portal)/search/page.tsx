/** Search: what the palette finds, as a page of its own, which needs no scripts and has an address. */
import { Card } from '@/app/_ui/card';
import { Link } from '@/app/_ui/link';
import { PageHeader } from '@/app/_ui/page-header';
import { byGroup, matching, type Target, withoutSecret } from '@/app/_ui/palette/target';
import { EmptyState } from '@/app/_ui/states';
import { Time } from '@/app/_ui/time';
import { hrefOfFound } from '@/app/(portal)/_shell/found-href';
import { PortalPage } from '@/app/(portal)/_shell/portal-page';
import type { Search } from '@/app/(portal)/_shell/search-filter';
import { targetsOf } from '@/app/(portal)/_shell/targets';
import { pageTitle, timeMode } from '@/app/(portal)/_shell/visitor';
import { kindTitles } from '@/lib/domains/search/rules';
import { type Found, search } from '@/lib/domains/search/search';
import { requireMember } from '@/lib/edge/portal/page';
import { cardData } from '@/lib/edge/portal/page-card';
import { requireCustomer } from '@/lib/kernel/ctx';

export const generateMetadata = () => pageTitle('Search');

type Row = Target & { at?: Date | null };

const rowOf = (found: Found): Row => ({
  group: kindTitles[found.kind],
  label: found.name,
  detail: found.detail,
  href: hrefOfFound(found),
  at: found.at,
});

export default async function SearchPage({ searchParams }: { searchParams: Search }) {
  const visitor = await requireMember();
  const { q } = await searchParams;
  const typed = withoutSecret(typeof q === 'string' ? q : '');
  const ctx = requireCustomer(visitor.ctx);
  const read = await cardData(ctx.requestId, search(ctx, { q: typed }));
  const rows: Row[] = [...matching(targetsOf(visitor), typed), ...(read.ok ? read.data.found.map(rowOf) : [])];
  return (
    <PortalPage visitor={visitor} current="overview" crumbs={[{ label: 'Search' }]}>
      <PageHeader title="Search" sentence="Pages, and things of the organization by name or id." />
      <div className="flex max-w-form flex-col gap-4">
        <search>
          <form action="/search" method="get" className="flex flex-wrap gap-2">
            <input
              type="search"
              name="q"
              aria-label="Search"
              className="control min-w-0 flex-1"
              defaultValue={typed}
              maxLength={200}
              placeholder="Name, or paste an id"
            />
            <button type="submit" className="btn btn-primary">
              Search
            </button>
          </form>
        </search>
        {!read.ok && <p role="alert">{read.reason} These are pages only.</p>}
        {rows.length === 0 ? (
          <EmptyState icon="search" title="Nothing found.">
            Names are found by any part of them, ids by the whole.
          </EmptyState>
        ) : (
          byGroup(rows).map(([group, items]) => (
            <Card key={group} title={group}>
              <ul className="flex flex-col gap-1">
                {(items as Row[]).map(({ label, detail, href, at }) => (
                  <li key={href + label} className="flex flex-wrap gap-x-3">
                    <Link className="link wrap-anywhere" href={href}>
                      {label}
                    </Link>
                    {detail && <span className="text-muted wrap-anywhere">{detail}</span>}
                    {at && <Time instant={at} now={ctx.clock()} mode={timeMode(visitor)} />}
                  </li>
                ))}
              </ul>
            </Card>
          ))
        )}
      </div>
    </PortalPage>
  );
}
