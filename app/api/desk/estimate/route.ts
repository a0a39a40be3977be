/** POST: what a query would read and cost; nothing is run or billed. */
import { estimateQuery } from '@/lib/domains/desk/run/estimate-query';
import { estimateBody } from '@/lib/edge/portal/desk-bodies';
import { operationCommand } from '@/lib/edge/portal/operation-command';
import { defineRoute } from '@/lib/edge/portal/route';

const command = operationCommand(estimateQuery);

export const POST = defineRoute({
  summary: 'Estimate a query',
  method: 'POST',
  command,
  answer: estimate => ({ status: 200, body: estimateBody(estimate) }),
});
