/** The pipeline of POST /v1/agent/events and /v1/agent/snapshots: whose key, how much of it at once, then each item by itself. */
import { type ItemKind, sentItems } from '@/lib/domains/agent-log/collect/sent-items';
import {
  type ItemsRequest,
  type TakeItems,
  takeEvents,
  takeSnapshots,
} from '@/lib/domains/agent-log/collect/take-items';
import { agentSizes } from '@/lib/domains/agent-log/rules';
import { authenticate, ctxOf } from '@/lib/edge/http/authenticate';
import { readQuery } from '@/lib/edge/http/json-body';
import { takeRequest } from '@/lib/edge/http/limits';
import { type EdgeAnswer, type EdgeRequest, jsonAnswer } from '@/lib/edge/http/message';
import { agentQuery } from '@/lib/edge/v1/agent/routes';
import { answerBulk, type BulkCall } from '@/lib/edge/v1/bulk/answer-bulk';
import { type Room, roomOf } from '@/lib/edge/v1/bulk/body-room';
import { type BodyForm, broken, readBytes, requireText, textOf } from '@/lib/edge/v1/bulk/read-bytes';
import { type Goods, requirePost, requireSending, sendingFor, takeVolume } from '@/lib/edge/v1/bulk/sender';
import { parseInput } from '@/lib/kernel/input';
import { AppError } from '@/lib/platform/errors';
import type { NewEntry } from '@/lib/warehouse/ingest/log/log';

export type AgentDoor = {
  /** Resolves once the entry is durable. */
  append: (entry: NewEntry) => Promise<unknown>;
};

/** Answers a request where its path takes the agent log; null for every other path. */
export type AnswerAgent = (request: EdgeRequest) => Promise<EdgeAnswer> | null;

type Kind = { kind: ItemKind; path: `/v1/agent/${ItemKind}`; take: TakeItems; most: number };
const kinds: readonly Kind[] = [
  { kind: 'events', path: '/v1/agent/events', take: takeEvents, most: agentSizes.events },
  { kind: 'snapshots', path: '/v1/agent/snapshots', take: takeSnapshots, most: agentSizes.snapshots },
];

/** Far more than the agents of a customer do. */
const goods: Goods = { named: 'Events of agents', volume: { name: 'agent-kilobytes', kilobytes: 200_000 } };

const form: BodyForm = {
  bodyBytes: agentSizes.bodyBytes,
  plainBytes: agentSizes.plainBytes,
  wanted: 'Send application/json or application/x-ndjson in UTF-8.',
};

/** The pipeline over a door; the product's own is in lib/edge/v1/agent/door.ts. */
export function createAnswerAgent(door: AgentDoor): AnswerAgent {
  return request => {
    const kind = kinds.find(({ path }) => request.path === path || request.path === `${path}/`);
    if (!kind) return null;
    const handle = (call: BulkCall) => handled(door, kind, call);
    return answerBulk(request, { route: kind.path, goods: 'agent events', later: 'rate_limited', handle });
  };
}

async function handled(door: AgentDoor, kind: Kind, { request, info, headers }: BulkCall): Promise<EdgeAnswer> {
  requirePost(request, headers);
  const holder = await authenticate(request.headers.get('authorization'), info);
  await takeRequest(holder, headers);
  if (holder.kind === 'customer') requireSending(holder.customerStatus, goods);
  const room = roomOf(holder.keyId);
  try {
    const taken = await kind.take.onceAllowed(ctxOf(holder, info), async () => {
      const { customer_id: named } = parseInput(agentQuery, readQuery(request.search));
      const ctx = await sendingFor(holder, info, named, goods);
      const items = await readItems(request, ctx.customerId, kind, room);
      return { ctx, raw: {}, args: [{ items, append: door.append }] };
    });
    const { accepted, refused, refusedCount } = taken;
    return jsonAnswer(200, { accepted, refused, refused_count: refusedCount }, headers);
  } finally {
    room.free();
  }
}

async function readItems(
  request: EdgeRequest,
  customerId: string,
  { kind, most }: Kind,
  room: Room,
): Promise<ItemsRequest['items']> {
  const bytes = await readBytes(request, room, form);
  await takeVolume(customerId, bytes.length, goods);
  requireText(bytes);
  const items = sentItems(textOf(bytes), kind);
  if (!items) throw broken('The body is neither a JSON array, nor an object, nor an object a line.');
  if (items.length > most) throw new AppError('body_too_large', `A request has at most ${most} ${kind}.`);
  return items;
}
