/** One repository: how it stands and what to do, what reading it costs, and where its webhook sends to. */
import type { ReactNode } from 'react';
import { Card } from '@/app/_ui/card';
import { CopyButton } from '@/app/_ui/copy-button';
import { DoneNotice } from '@/app/_ui/done-notice';
import { Form } from '@/app/_ui/form';
import { formatCount } from '@/app/_ui/format';
import { Link } from '@/app/_ui/link';
import { listParams } from '@/app/_ui/list-params';
import { Menu } from '@/app/_ui/menu';
import { Notice } from '@/app/_ui/notice';
import { PageHeader } from '@/app/_ui/page-header';
import { StatusBadge } from '@/app/_ui/status-badge';
import { SubmitButton } from '@/app/_ui/submit-button';
import { Time } from '@/app/_ui/time';
import { ActorName } from '@/app/(portal)/_shell/actor-name';
import { pageTitle } from '@/app/(portal)/_shell/visitor';
import { readRepositoryAction } from '@/app/(portal)/pull-requests/actions';
import {
  RepositoryFrame,
  type RepositoryPageProps,
  repositoryOr404,
} from '@/app/(portal)/pull-requests/repositories/_parts/repository-page';
import { repositoryActions } from '@/app/(portal)/pull-requests/repositories/_parts/repository-table';
import {
  rateWords,
  repositoryStatus,
  unchangedWords,
} from '@/app/(portal)/pull-requests/repositories/_parts/repository-words';
import { Facts } from '@/app/(portal)/runs/_parts/facts';
import { findCredential } from '@/lib/domains/credentials/queries';
import type { CountedRepository } from '@/lib/domains/pull-requests/repositories/view';
import { readAdmins } from '@/lib/domains/team/membership';
import { webhookUrl } from '@/lib/edge/http/github-webhook';
import { landing } from '@/lib/edge/portal/landing';
import { requireMember, type Visitor, visitorMay } from '@/lib/edge/portal/page';

export const generateMetadata = () => pageTitle('Repository');

type Props = RepositoryPageProps & { searchParams: Promise<Record<string, string | string[] | undefined>> };

const toldOf: Record<string, string> = {
  read: 'It is read now; look again in a moment.',
  saved: 'It is read by the other token from now on.',
};

export default async function RepositoryPage({ params, searchParams }: Props) {
  const visitor = await requireMember();
  const repository = await repositoryOr404(visitor, (await params).id);
  const { gone } = listParams(await searchParams);
  const { done = '' } = await landing();
  const mayWrite = visitorMay(visitor, 'pull-requests:write');
  const admins = mayWrite ? [] : await readAdmins(visitor.membership.customerId);
  const now = visitor.ctx.clock();
  const { repo, problem, is_connected } = repository;
  return (
    <RepositoryFrame visitor={visitor} crumbs={[{ label: repo }]}>
      <PageHeader
        title={repo}
        viewOnly={mayWrite ? undefined : { admins }}
        actions={
          mayWrite && is_connected && <Actions repository={repository} customerId={visitor.membership.customerId} />
        }
      />
      <div className="flex flex-col gap-4">
        {toldOf[done] && <DoneNotice sentence={toldOf[done]} undo={false} />}
        {gone && (
          <Notice tone="info">
            The webhook’s secret was shown once and is not shown again. If you did not store it, make a new one.
          </Notice>
        )}
        {!is_connected && (
          <Notice tone="info">It was disconnected and is read no more. What was read of it stays.</Notice>
        )}
        {is_connected && problem && (
          <Notice tone={repository.state === 'FAILED' ? 'bad' : 'warn'} title={problem.message}>
            {problem.todo}
            {problem.detail && <span className="block wrap-anywhere text-muted">GitHub: {problem.detail}</span>}
          </Notice>
        )}
        <div className="grid items-start gap-4 lg:grid-cols-2">
          <Card title="Reading">
            <Facts facts={readingFacts(repository, now)} />
          </Card>
          {is_connected && <WebhookCard repository={repository} now={now} />}
          <Card title="About">
            <Facts facts={aboutFacts(repository, await tokenName(visitor, repository), now)} />
          </Card>
        </div>
      </div>
    </RepositoryFrame>
  );
}

type ActionProps = { repository: CountedRepository; customerId: string };

function Actions({ repository, customerId }: ActionProps) {
  const { repository_id, repo } = repository;
  return (
    <>
      <Form action={readRepositoryAction} customerId={customerId} hidden={{ repository_id }} className="inline-flex">
        <SubmitButton variant="plain" pending="Asking…">
          Read now
        </SubmitButton>
      </Form>
      <Menu name={`Actions for ${repo}`} items={repositoryActions(repository)} />
    </>
  );
}

function readingFacts(repository: CountedRepository, now: Date): [string, ReactNode][] {
  const at = (instant: Date | null) => <Time instant={instant} now={now} mode="absolute" />;
  const { is_connected, last_requests, last_not_modified, requests, not_modified } = repository;
  return [
    ['State', <StatusBadge key="state" status={repositoryStatus(repository)} />],
    ['Pull requests', formatCount(repository.pull_requests)],
    ['Commits', formatCount(repository.commits)],
    ['Last read', at(repository.last_synced_at)],
    ['Next', is_connected ? at(repository.next_sync_at) : null],
    ['Last requests', unchangedWords(last_requests, last_not_modified)],
    ['All requests', unchangedWords(requests, not_modified)],
    ['Rate left', rateWords(repository.rate, now)],
  ];
}

/** GitHub → the repository's Settings → Webhooks: what to fill in. The secret itself is not here. */
function WebhookCard({ repository, now }: { repository: CountedRepository; now: Date }) {
  const { repository_id, last_delivery_at } = repository;
  const url = webhookUrl(repository_id);
  return (
    <Card title="Webhook">
      <p className="text-muted">
        With a webhook, changes are here within seconds. In GitHub: Settings → Webhooks → Add webhook, content type
        JSON, events Pull requests and Pushes, and the secret that was shown once.
      </p>
      <p className="flex flex-wrap items-center gap-2">
        <code className="wrap-anywhere">{url}</code>
        <CopyButton value={url} label="Copy webhook URL" noun="URL" />
      </p>
      <Facts facts={[['Last delivery', <Time key="at" instant={last_delivery_at} now={now} mode="absolute" />]]} />
    </Card>
  );
}

/** The credential's name; null where it was deleted meanwhile. */
const tokenName = (visitor: Visitor, { credential_id }: CountedRepository): Promise<string | null> =>
  findCredential(visitor.ctx, credential_id).then(
    ({ name, is_active }) => (is_active ? name : null),
    () => null,
  );

function aboutFacts(repository: CountedRepository, token: string | null, now: Date): [string, ReactNode][] {
  const { credential_id, created_at, created_by, repository_id } = repository;
  return [
    [
      'Token',
      token ? (
        <Link key="token" className="link" href={`/credentials/${encodeURIComponent(credential_id)}`}>
          {token}
        </Link>
      ) : (
        'Its credential was deleted'
      ),
    ],
    [
      'Connected',
      <>
        <Time instant={created_at} now={now} mode="absolute" /> by <ActorName label={created_by} />
      </>,
    ],
    [
      'Page',
      <a
        key="page"
        className="link"
        href={`https://github.com/${repository.repo}`}
        rel="noreferrer"
      >{`github.com/${repository.repo}`}</a>,
    ],
    ['Id', <code key="id">{repository_id}</code>],
  ];
}
