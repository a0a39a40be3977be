/** Which pipeline a job is. Source: docs/lineage.md, Which job is the run itself. */
import { createHash } from 'node:crypto';
import { and, eq } from 'drizzle-orm';
import { lineagePipelines } from '@/lib/domains/lineage/tables';
import type { Tx } from '@/lib/platform/db';

export type NamedJob = { namespace: string; name: string };

const maxLength = 128;
/** Digits of the hash; more of them where two jobs of one name share the first ones. */
const hashDigits = [6, 12, 16];

/** The name with every sign that a pipeline_id has not as `_`. */
export const plainPipelineId = (name: string): string => name.replaceAll(/[^A-Za-z0-9_.-]/g, '_').slice(0, maxLength);

/** The job in 64 hexadecimal digits. */
export const jobHashOf = ({ namespace, name }: NamedJob): string =>
  createHash('sha256')
    .update(JSON.stringify([namespace, name]))
    .digest('hex');

/** As plainPipelineId, ending in `_` and hexadecimal digits that tell jobs of one name apart: 6 unless it is said. */
export const hashedPipelineId = (job: NamedJob, digits = 6): string =>
  `${plainPipelineId(job.name).slice(0, maxLength - digits - 1)}_${jobHashOf(job).slice(0, digits)}`;

/** The job’s pipeline_id, which stays: the plain one, unless another of the customer’s jobs had it first. */
export async function pipelineOf(tx: Tx, customerId: string, job: NamedJob): Promise<string> {
  const { namespace, name } = job;
  const jobHash = jobHashOf(job);
  const own = and(eq(lineagePipelines.customerId, customerId), eq(lineagePipelines.jobHash, jobHash));
  const read = async () =>
    (await tx.select({ id: lineagePipelines.pipelineId }).from(lineagePipelines).where(own))[0]?.id;
  const known = await read();
  if (known) return known;
  for (const pipelineId of [plainPipelineId(name), ...hashDigits.map(digits => hashedPipelineId(job, digits))]) {
    await tx
      .insert(lineagePipelines)
      .values({ customerId, jobHash, namespace, name, pipelineId })
      .onConflictDoNothing();
    const taken = await read();
    if (taken) return taken;
  }
  throw new Error('two jobs have the same name and the same hash');
}
