/** The runs that a question is about: from the address, as they are now. */
import { z } from 'zod';
import { LinkButton } from '@/app/_ui/button';
import { type Column, DataTable } from '@/app/_ui/data-table';
import { formatPlural } from '@/app/_ui/format';
import { Link } from '@/app/_ui/link';
import { EmptyState } from '@/app/_ui/states';
import { StatusBadge } from '@/app/_ui/status-badge';
import { Time } from '@/app/_ui/time';
import { runHref } from '@/app/(portal)/_runs/run-links';
import { runStatusLook } from '@/app/(portal)/_runs/run-status';
import { deniedPage } from '@/app/(portal)/_shell/denied-page';
import { timeMode } from '@/app/(portal)/_shell/visitor';
import { maxChosen, readChosenRuns } from '@/lib/domains/runs/reads/chosen-runs';
import type { Run } from '@/lib/domains/runs/tables';
import { requireMember, type Visitor, visitorMay } from '@/lib/edge/portal/page';
import { requireCustomer } from '@/lib/kernel/ctx';

export type ChosenProps = { searchParams: Promise<Record<string, string | string[] | undefined>> };

type Chosen = { visitor: Visitor; runs: Run[]; tooMany: boolean };

/** The chosen runs for somebody who may change them; the page of the refusal for anybody else. */
export async function chosenRuns(
  { searchParams }: ChosenProps,
  action: string,
  verb: string,
): Promise<Chosen | { refused: React.ReactNode }> {
  const visitor = await requireMember();
  if (!visitorMay(visitor, 'runs:write')) return { refused: await deniedPage(visitor, action, verb) };
  const named = [(await searchParams).run ?? []].flat();
  const ids = [...new Set(named.filter(id => z.uuid().safeParse(id).success).map(id => id.toLowerCase()))];
  const pipeline_logging_ids = ids.slice(0, maxChosen);
  const runs = await readChosenRuns(requireCustomer(visitor.ctx), { pipeline_logging_ids });
  return { visitor, runs, tooMany: ids.length > maxChosen };
}

/** "2 chosen runs have ended already and stay as they are." */
export const leftAlone = (count: number, state: string): string =>
  count === 1
    ? `1 chosen run has ${state} and stays as it is.`
    : `${count} chosen runs have ${state} and stay as they are.`;

/** Why chosen runs that are observed stay as they are; null where there are none. */
export const observedAlone = (runs: readonly Run[]): string | null => {
  const count = runs.filter(isObserved).length;
  if (count === 0) return null;
  return `${formatPlural(count, 'chosen run')} ${count === 1 ? 'is' : 'are'} observed and ${count === 1 ? 'stays' : 'stay'} as ${count === 1 ? 'it is' : 'they are'}: orchestrators start and end their runs themselves.`;
};

export const isObserved = ({ origin }: Run): boolean => origin === 'observed';

const columns = (visitor: Visitor): Column<Run>[] => [
  {
    id: 'pipeline',
    head: 'Pipeline',
    priority: 'name',
    cell: run => (
      <Link className="link wrap-anywhere" href={runHref(run.pipelineLoggingId)}>
        {run.pipelineId}
      </Link>
    ),
  },
  { id: 'status', head: 'Status', priority: 'second', cell: run => <StatusBadge status={runStatusLook[run.status]} /> },
  {
    id: 'started',
    head: 'Started',
    cell: run => <Time instant={run.startTime} now={visitor.ctx.clock()} mode={timeMode(visitor)} />,
  },
];

export const ChosenTable = ({ visitor, runs }: { visitor: Visitor; runs: readonly Run[] }) => (
  <DataTable
    caption="Chosen runs"
    columns={columns(visitor)}
    rows={runs}
    rowKey={run => run.pipelineLoggingId}
    empty={
      <EmptyState icon="search" title="No run is chosen." action={<LinkButton href="/runs">Choose runs</LinkButton>} />
    }
  />
);
