/** `cli schemas plan|apply --all-tenants`: one command for the own datasets of all customers, as an upgrade needs it. */
import { createHash } from 'node:crypto';
import { WrongUse } from '@/lib/cli/command';
import { type Choices, openTarget, print, type Target } from '@/lib/cli/schemas/target';
import { reportLines, TenantsProgress, type TenantsReport } from '@/lib/cli/schemas/tenants-report';
import { toolViewFile } from '@/lib/domains/agent-log/load/tool-view';
import { tenantDatasets } from '@/lib/domains/customers/datasets';
import { openResumableRun, type ResumableRun } from '@/lib/kernel/resumable-run';
import { pacedClient } from '@/lib/platform/bigquery/paced-client';
import { sqlFile } from '@/lib/platform/sql-file';
import { loadDefinitions } from '@/lib/warehouse/schemas/definition';
import type { Change } from '@/lib/warehouse/schemas/plan';

/** Datasets at the same time. */
const atOnce = 8;
const stoppedCode = 130;

type Tenant = { customerId: string; dataset: string };
export type TenantWork = {
  done: 'to make' | 'made';
  /** Brings one dataset to its definitions, or says what that would change. */
  work: (target: Target & { signal: AbortSignal; onProgress: (line: string) => void }) => Promise<Change[]>;
  /** Whether what was done is noted, so that a call after a kill goes on; a plan takes nothing long and notes nothing. */
  resumes: boolean;
};
type Options = Choices & { json: boolean };

const message = (error: unknown) => (error instanceof Error ? error.message : String(error));

/** Aborts at the first Ctrl-C or SIGTERM; the second one ends the process as it would without us. */
function stopSignal(say: (line: string) => void): { signal: AbortSignal; forget: () => void } {
  const stop = new AbortController();
  const onSignal = () => {
    forget();
    say('Stopping: what is under way is finished, and the same command goes on from here.');
    stop.abort();
  };
  const forget = () => {
    for (const name of ['SIGINT', 'SIGTERM'] as const) process.off(name, onSignal);
  };
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, onSignal);
  return { signal: stop.signal, forget };
}

/** Of the definitions and the place they are applied in: another version is not gone on with. */
function versionOf({ client, folder, location }: Target): string {
  const definitions = [loadDefinitions(folder), loadDefinitions('agent'), sqlFile(toolViewFile).text];
  const hash = createHash('sha256').update(JSON.stringify(definitions));
  return hash.update(`${client.projectId} ${client.apiEndpoint} ${location}`).digest('hex').slice(0, 32);
}

async function workThrough(
  tenants: Tenant[],
  target: Target,
  { work }: TenantWork,
  run: { progress: TenantsProgress; record: ResumableRun | null; signal: AbortSignal; say: (line: string) => void },
): Promise<void> {
  const { progress, record, signal, say } = run;
  const queue = tenants.values();
  const takeTurns = async () => {
    for (const { dataset, customerId } of queue) {
      if (signal.aborted) return;
      try {
        progress.done(await work({ ...target, dataset, signal, onProgress: line => say(`  ${line}`) }));
        record?.markDone(dataset);
      } catch (error) {
        if (signal.aborted && error === signal.reason) return;
        progress.failed({ customer_id: customerId, dataset, error: message(error) });
      }
    }
  };
  await Promise.all(Array.from({ length: atOnce }, takeTurns));
}

function exitCode({ failed, refused, not_reached }: TenantsReport): number {
  if (not_reached > 0) return stoppedCode;
  if (failed.length > 0) return 1;
  return refused.length > 0 ? 2 : 0;
}

/**
 * Does the work for every customer's dataset, tells what changes and where it stands, and at the end a report, with
 * --json as JSON. Returns the exit code: 130 when told to stop, 1 when a dataset failed (the others are done all the
 * same), 2 when a change is refused. Throws AppError conflict while another one works.
 */
export async function eachTenant(
  options: Options,
  what: TenantWork,
  list: () => Promise<Tenant[]> = tenantDatasets,
): Promise<number> {
  if (options.dataset !== undefined || options.folder !== undefined)
    throw new WrongUse('--all-tenants takes every own dataset of a customer; leave out --dataset and --folder');
  const say = options.json ? (line: string) => void process.stderr.write(`${line}\n`) : print;
  const tenants = await list();
  const target = await openTarget(options, `the own datasets of ${tenants.length.toLocaleString('en')} customers`, say);
  pacedClient(target.client);
  const asked = { name: 'schemas.apply_tenants', version: versionOf(target), startedBy: 'cli' };
  const record = what.resumes ? await openResumableRun(asked) : null;
  const { signal, forget } = stopSignal(say);
  let report: TenantsReport | undefined;
  try {
    const left = tenants.filter(({ dataset }) => !record?.done.has(dataset));
    const progress = new TenantsProgress(tenants.length, tenants.length - left.length, say);
    await workThrough(left, target, what, { progress, record, signal, say });
    report = progress.ended();
  } finally {
    forget();
    if (report?.not_reached === 0) await record?.finish(report.failed.length > 0 ? 'failed' : 'ok', report);
    else await record?.leave();
  }
  if (options.json) print(JSON.stringify(report, null, 2));
  else reportLines(report, what.done).forEach(print);
  return exitCode(report);
}
