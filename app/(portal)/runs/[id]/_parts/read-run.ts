/** Everything the page of a run shows; parts that BigQuery cannot give become cards that say so. */

import { notFound } from 'next/navigation';
import { triggeredOf, whoOf } from '@/app/(portal)/runs/_parts/trigger';
import { type LateEvent, listLateEvents } from '@/lib/domains/lineage/late/list-late-events';
import { findConfig } from '@/lib/domains/providers/queries';
import type { ConfigView } from '@/lib/domains/providers/view';
import { type Comparison, readComparison } from '@/lib/domains/runs/reads/run-compare';
import { type Histories, type RunParts, readHistories, readParts, readRun } from '@/lib/domains/runs/reads/run-page';
import { hasEnded } from '@/lib/domains/runs/rules';
import type { Run } from '@/lib/domains/runs/tables';
import { type ActorNames, readActorNames } from '@/lib/domains/team/actor-names';
import { type CardData, cardData } from '@/lib/edge/portal/page-card';
import { type Ctx, requireCustomer } from '@/lib/kernel/ctx';
import { AppError } from '@/lib/platform/errors';

/** What the address asks beside the run. */
export type RunSearch = { compare?: string; steps_after?: string; checks_after?: string; done?: string };

export type RunRead = {
  run: Run;
  names: ActorNames;
  parts: CardData<RunParts & { histories: Histories }>;
  /** null where nothing is compared. */
  comparison: CardData<Comparison> | null;
  /** The provider config that it is of; null where it is of none, or of one that was deleted. */
  config: Pick<ConfigView, 'config_id' | 'name'> | null;
  /** Its orchestrator's events that came too late, the newest first. */
  late: LateEvent[];
};

const isCode = (error: unknown, code: string): boolean => error instanceof AppError && error.code === code;

/** The run of the page's address; 404 for an unknown or foreign one. */
export async function runOr404(ctx: Ctx, id: string): Promise<Run> {
  try {
    return await readRun(ctx, id);
  } catch (error) {
    if (isCode(error, 'not_found')) notFound();
    throw error;
  }
}

async function partsOf(ctx: Ctx, run: Run, search: RunSearch): Promise<RunParts & { histories: Histories }> {
  const parts = await readParts(ctx, run, { stepsAfter: search.steps_after, checksAfter: search.checks_after });
  return { ...parts, histories: await readHistories(ctx, run, parts.checks.rows) };
}

/** A page of the parts; a wrong cursor starts over. */
async function partsCard(ctx: Ctx, run: Run, search: RunSearch): Promise<RunRead['parts']> {
  try {
    return await cardData(ctx.requestId, partsOf(ctx, run, search));
  } catch (error) {
    if (isCode(error, 'invalid_cursor')) return partsCard(ctx, run, {});
    throw error;
  }
}

/** The comparison that the address asks for; while the run goes on there is none, because it would bill at each look. */
async function comparisonCard(ctx: Ctx, run: Run, other: string | undefined): Promise<RunRead['comparison']> {
  if (!other || !hasEnded(run)) return null;
  try {
    return await cardData(ctx.requestId, readComparison(ctx, run, other));
  } catch (error) {
    if (isCode(error, 'not_found')) notFound();
    throw error;
  }
}

async function configOf(ctx: Ctx, { configId }: Run): Promise<RunRead['config']> {
  if (!configId) return null;
  return findConfig(ctx, configId).catch(error => {
    if (isCode(error, 'not_found')) return null;
    throw error;
  });
}

const lateOf = async (ctx: Ctx, run: Run): Promise<LateEvent[]> =>
  run.lateEvents === 0 ? [] : (await listLateEvents(requireCustomer(ctx), {}, run.pipelineLoggingId)).events;

export async function readRunPage(ctx: Ctx, id: string, search: RunSearch): Promise<RunRead> {
  const run = await runOr404(ctx, id);
  const [parts, comparison, config, names, late] = await Promise.all([
    partsCard(ctx, run, search),
    comparisonCard(ctx, run, search.compare),
    configOf(ctx, run),
    readActorNames(ctx, [...whoOf(triggeredOf(run)), run.cancelRequestedBy]),
    lateOf(ctx, run),
  ]);
  return { run, names, parts, comparison, config, late };
}
