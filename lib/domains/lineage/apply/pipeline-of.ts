/** Which pipeline a job is. Source: docs/lineage.md, Which job is the run itself. */
import { createHash } from 'node:crypto';
import { and, eq } from 'drizzle-orm';
import { lineagePipelines } from '@/lib/domains/lineage/tables';
import type { Tx } from '@/lib/platform/db';

export type NamedJob = { namespace: string; name: string };

const maxLength = 128;
const hashDigits = 6;

/** The name with every sign that a pipeline_id has not as `_`. */
export const plainPipelineId = (name: string): string => name.replaceAll(/[^A-Za-z0-9_.-]/g, '_').slice(0, maxLength);

/** As plainPipelineId, ending in `_` and 6 hexadecimal digits that tell jobs of one name apart. */
export function hashedPipelineId({ namespace, name }: NamedJob): string {
  const hash = createHash('sha256')
    .update(JSON.stringify([namespace, name]))
    .digest('hex')
    .slice(0, hashDigits);
  return `${plainPipelineId(name).slice(0, maxLength - hashDigits - 1)}_${hash}`;
}

/** The job’s pipeline_id, which stays: the plain one, unless another of the customer’s jobs had it first. */
export async function pipelineOf(tx: Tx, customerId: string, job: NamedJob): Promise<string> {
  const { namespace, name } = job;
  const own = and(
    eq(lineagePipelines.customerId, customerId),
    eq(lineagePipelines.namespace, namespace),
    eq(lineagePipelines.name, name),
  );
  const read = async () =>
    (await tx.select({ id: lineagePipelines.pipelineId }).from(lineagePipelines).where(own))[0]?.id;
  const known = await read();
  if (known) return known;
  for (const pipelineId of [plainPipelineId(name), hashedPipelineId(job)]) {
    await tx.insert(lineagePipelines).values({ customerId, namespace, name, pipelineId }).onConflictDoNothing();
    const taken = await read();
    if (taken) return taken;
  }
  throw new Error('two jobs have the same name and the same hash');
}
