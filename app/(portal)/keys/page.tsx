/** API keys: who may call us for this organization, filtered, sorted and paged by the address. */
import { LinkButton } from '@/app/_ui/button';
import { FilterBar, type FilterField } from '@/app/_ui/filter-bar';
import { Link } from '@/app/_ui/link';
import { Notice } from '@/app/_ui/notice';
import { PageHeader } from '@/app/_ui/page-header';
import { ErrorState } from '@/app/_ui/states';
import { FreshnessNote } from '@/app/(portal)/_charts/freshness-note';
import { type Search, searchFilter } from '@/app/(portal)/_shell/search-filter';
import { timeMode } from '@/app/(portal)/_shell/visitor';
import { KeyFrame, keyTitle } from '@/app/(portal)/keys/_parts/key-page';
import { KeyTable, keyOrder } from '@/app/(portal)/keys/_parts/key-table';
import { listKeysInput } from '@/lib/domains/keys/input';
import { type KeyPage, listKeys } from '@/lib/domains/keys/queries';
import { countCalls } from '@/lib/domains/keys/read-calls';
import { recentUseDays } from '@/lib/domains/keys/rules';
import { readAdmins } from '@/lib/domains/team/membership';
import { requireMember, visitorMay } from '@/lib/edge/portal/page';
import { type CardData, cardData } from '@/lib/edge/portal/page-card';
import type { Ctx } from '@/lib/kernel/ctx';
import { AppError } from '@/lib/platform/errors';

export const generateMetadata = () => keyTitle('API keys');

const fields: FilterField[] = [
  { type: 'search', name: 'q', label: 'Search', placeholder: 'Name or start of the key' },
  {
    type: 'select',
    name: 'status',
    label: 'Status',
    options: [
      { value: '', label: 'Active' },
      { value: 'expiring', label: 'Expires soon' },
      { value: 'expired', label: 'Expired' },
      { value: 'revoked', label: 'Revoked' },
      { value: 'all', label: 'All' },
    ],
  },
];
type Filter = ReturnType<typeof listKeysInput.parse>;
type Read = { page: KeyPage; hasAny: boolean; calls: ReadonlyMap<string, number> };

/** The page with the calls of its keys, and whether there is any key at all. */
async function readKeys(ctx: Ctx, filter: Filter): Promise<Read> {
  const page = await listKeys(ctx, filter);
  const ids = page.keys.map(key => key.api_key_id);
  if (ids.length > 0) return { page, hasAny: true, calls: await countCalls(ctx, ids, recentUseDays) };
  return { page, hasAny: (await listKeys(ctx, { status: 'all', limit: 1 })).keys.length > 0, calls: new Map() };
}

/** A wrong cursor starts over; what cannot be loaded becomes a card. */
async function readPage(ctx: Ctx, filter: Filter): Promise<CardData<Read>> {
  try {
    return await cardData(ctx.requestId, readKeys(ctx, filter));
  } catch (error) {
    if (error instanceof AppError && error.code === 'invalid_cursor')
      return readPage(ctx, { ...filter, after: undefined });
    throw error;
  }
}

export default async function KeysPage({ searchParams }: { searchParams: Search }) {
  const visitor = await requireMember();
  const mayWrite = visitorMay(visitor, 'keys:write');
  const { params, filter, unknown } = await searchFilter(listKeysInput, searchParams, { initial: keyOrder });
  const [read, admins] = await Promise.all([
    readPage(visitor.ctx, filter),
    mayWrite ? [] : readAdmins(visitor.membership.customerId),
  ]);
  const now = visitor.ctx.clock();
  return (
    <KeyFrame visitor={visitor}>
      <PageHeader
        title="API keys"
        sentence={
          <>
            Keys let your own systems start runs and read quota.{' '}
            <Link href="/docs/authentication" className="link">
              How to call the API
            </Link>
          </>
        }
        viewOnly={mayWrite ? undefined : { admins }}
        actions={
          mayWrite && (
            <LinkButton variant="primary" icon="plus" href="/keys/new">
              Create key
            </LinkButton>
          )
        }
      />
      <div className="flex flex-col gap-4">
        {unknown && <Notice tone="warn">A filter in the address is not known. These are the active keys.</Notice>}
        <FilterBar path="/keys" params={params} fields={fields} />
        {!read.ok ? (
          <ErrorState title="Could not load API keys." retryHref="/keys" requestId={visitor.ctx.requestId}>
            {read.reason} Keys go on working. You can still create and revoke them.
          </ErrorState>
        ) : (
          <>
            <FreshnessNote cards={[{ ok: true, data: read.data.page }]} />
            <KeyTable {...read.data} {...{ params, now, mayWrite }} timeMode={timeMode(visitor)} />
          </>
        )}
      </div>
    </KeyFrame>
  );
}
