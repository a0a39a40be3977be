/** Whether anything was ever recorded of a customer's agents: until then pages say how to send it. */
import { eq } from 'drizzle-orm';
import { agentLogHeads } from '@/lib/domains/agent-log/tables';
import type { CustomerCtx } from '@/lib/kernel/ctx';
import { db } from '@/lib/platform/db';

/** True once the customer's chain has a row. */
export async function hasAgentEvents({ customerId }: Pick<CustomerCtx, 'customerId'>): Promise<boolean> {
  const [head] = await db()
    .select({ sequence: agentLogHeads.sequence })
    .from(agentLogHeads)
    .where(eq(agentLogHeads.customerId, customerId))
    .limit(1);
  return head !== undefined;
}
