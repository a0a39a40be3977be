/** The pipeline of POST /api/v1/lineage and /api/v1/lineage/batch: whose key, how much of it at once, then each event by itself. */
import { takeEvents, takeLineageRequest } from '@/lib/domains/lineage/collect/take-events';
import { authenticate, ctxOf } from '@/lib/edge/http/authenticate';
import { readQuery } from '@/lib/edge/http/json-body';
import type { EdgeAnswer, EdgeRequest } from '@/lib/edge/http/message';
import { answerBulk, type BulkCall } from '@/lib/edge/v1/bulk/answer-bulk';
import { roomOf } from '@/lib/edge/v1/bulk/body-room';
import { type Goods, requirePost, requireSending, sendingFor, takeVolume } from '@/lib/edge/v1/bulk/sender';
import { answerEvents } from '@/lib/edge/v1/lineage/answer-events';
import { type Count, readEventBytes, sentEvents } from '@/lib/edge/v1/lineage/read-events';
import { lineageQuery } from '@/lib/edge/v1/lineage/routes';
import { parseInput } from '@/lib/kernel/input';

/** How many events each path takes. */
const paths: Record<string, Count> = { '/api/v1/lineage': 'one', '/api/v1/lineage/batch': 'many' };

/** kB that Postgres is to write of one customer; a minute's usual events are 20 MB. */
const goods: Goods = { named: 'Events of OpenLineage', volume: { name: 'lineage-kilobytes', kilobytes: 50_000 } };

/** Answers a request where its path takes events of OpenLineage; null for every other path. Source: docs/lineage.md, On the wire. */
export function answerLineage(request: EdgeRequest): Promise<EdgeAnswer> | null {
  const path = request.path.endsWith('/') ? request.path.slice(0, -1) : request.path;
  const count = Object.hasOwn(paths, path) ? paths[path] : undefined;
  if (!count) return null;
  return answerBulk(request, { route: path, goods: 'lineage events', later: 'slow_down', handle: handled(count) });
}

const handled =
  (count: Count) =>
  async ({ request, info, headers }: BulkCall): Promise<EdgeAnswer> => {
    requirePost(request, headers);
    const holder = await authenticate(request.headers.get('authorization'), info);
    await takeLineageRequest(holder.keyId);
    if (holder.kind === 'customer') requireSending(holder.customerStatus, goods);
    const room = roomOf(holder.keyId);
    try {
      const taken = await takeEvents.onceAllowed(ctxOf(holder, info), async () => {
        const { customer_id: named } = parseInput(lineageQuery, readQuery(request.search));
        const ctx = await sendingFor(holder, info, named, goods);
        const bytes = await readEventBytes(request, count, room);
        await takeVolume(ctx.customerId, bytes.length, goods);
        return { ctx, raw: {}, args: [sentEvents(bytes, count)] };
      });
      return answerEvents(taken, count, headers);
    } finally {
      room.free();
    }
  };
