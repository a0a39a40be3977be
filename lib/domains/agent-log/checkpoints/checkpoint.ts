/** What a checkpoint says: at which row a customer's chain stood. Sealed by Cloud KMS, so that a chain written anew is found. */
import { asc, eq } from 'drizzle-orm';
import { z } from 'zod';
import { agentLogCheckpoints } from '@/lib/domains/agent-log/tables';
import type { SealedPlace } from '@/lib/kernel/sealing';
import { fitsSeal, sealText } from '@/lib/kernel/statements/sealed-text';
import { type Db, db, type Tx } from '@/lib/platform/db';

export const checkpointStatement = z.strictObject({
  format: z.literal(1),
  customer_id: z.string(),
  /** UTC day that had ended. */
  day: z.iso.date(),
  /** Last row of the chain, its chain_hash, and when it was recorded. */
  sequence: z.int().min(1),
  chain_hash: z.string(),
  recorded_at: z.iso.datetime(),
});
export type CheckpointStatement = z.output<typeof checkpointStatement>;
export type Checkpoint = typeof agentLogCheckpoints.$inferSelect;

const placeOf = (customerId: string, day: string): SealedPlace => ({
  customerId,
  table: 'agent_log_checkpoints',
  column: 'statement',
  id: day,
});

/** Seals a statement. Calls KMS; throws AppError key_service_unavailable. */
export async function sealCheckpoint(statement: CheckpointStatement, createdAt: Date): Promise<Checkpoint> {
  const { customer_id: customerId, day, sequence } = statement;
  const text = JSON.stringify(statement);
  return {
    customerId,
    day,
    sequence,
    statement: text,
    seal: await sealText(text, placeOf(customerId, day)),
    createdAt,
  };
}

/** The statement if its seal fits; null where text, seal or place were changed. Throws AppError key_service_unavailable. */
export async function openCheckpoint(
  checkpoint: Pick<Checkpoint, 'customerId' | 'day' | 'sequence' | 'statement' | 'seal'>,
): Promise<CheckpointStatement | null> {
  const { customerId, day, sequence, statement: text, seal } = checkpoint;
  if (!(await fitsSeal(text, seal, placeOf(customerId, day)))) return null;
  const { data } = checkpointStatement.safeParse(JSON.parse(text));
  const isOfRow = data?.customer_id === customerId && data.day === day && data.sequence === sequence;
  return data && isOfRow ? data : null;
}

/** The customer's checkpoints, the oldest first. */
export const listCheckpoints = (customerId: string, store: Db | Tx = db()): Promise<Checkpoint[]> =>
  store
    .select()
    .from(agentLogCheckpoints)
    .where(eq(agentLogCheckpoints.customerId, customerId))
    .orderBy(asc(agentLogCheckpoints.day));
