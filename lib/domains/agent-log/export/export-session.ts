/** One session of the agent log with its proof: its events, their place in the chain, and the checkpoints that seal it. */
import { z } from 'zod';
import { type ChainRow, eventSalt } from '@/lib/domains/agent-log/chain/hashes';
import { type Checkpoint, listCheckpoints } from '@/lib/domains/agent-log/checkpoints/checkpoint';
import type { ChatEvent } from '@/lib/domains/agent-log/events';
import { howToVerify, type ProofFile, proofFormat } from '@/lib/domains/agent-log/export/proof-file';
import { chainRowsOf, sessionEvents } from '@/lib/domains/agent-log/export/read-session';
import { agentSizes } from '@/lib/domains/agent-log/rules';
import { saltsOf } from '@/lib/domains/agent-log/verify/known-users';
import { chainPages, type LogPlace } from '@/lib/domains/agent-log/verify/read-log';
import { defineOperation } from '@/lib/kernel/operation';
import { storableText } from '@/lib/kernel/storable';
import { AppError } from '@/lib/platform/errors';

/** Rows of the chain that a file holds beside the session's own, to link it to a checkpoint. */
const mostLinks = 20_000;

type Linked = Pick<ProofFile, 'chain' | 'chain_is_complete' | 'checkpoints'>;

const sealed = ({ day, sequence, statement, seal }: Checkpoint): ProofFile['checkpoints'][number] => ({
  day,
  sequence,
  statement,
  seal: seal.toString('base64'),
});

/** The session's rows of the chain with those that link them to one another and to the first checkpoint after them. */
async function linked(place: LogPlace, own: readonly ChainRow[]): Promise<Linked> {
  const first = own[0]?.sequence ?? 0;
  const last = own.at(-1)?.sequence ?? 0;
  const checkpoints = await listCheckpoints(place.customerId);
  const next = checkpoints.find(({ sequence }) => sequence >= last);
  const end = next?.sequence ?? last;
  if (end - first >= mostLinks) {
    const numbers = new Set(own.map(row => row.sequence));
    const ofOwn = checkpoints.filter(({ sequence }) => numbers.has(sequence));
    return { chain: [...own], chain_is_complete: false, checkpoints: ofOwn.map(sealed) };
  }
  const chain: ChainRow[] = [];
  for await (const page of chainPages(place, first, end)) chain.push(...page);
  const within = checkpoints.filter(({ sequence }) => sequence >= first && sequence <= end);
  return { chain, chain_is_complete: true, checkpoints: within.map(sealed) };
}

/** The session's rows of the chain in order; an id that came twice has the row that its event was recorded with first. */
function placesOf(events: readonly ChatEvent[], rows: readonly ChainRow[]): Map<string, ChainRow> {
  const ids = new Set(events.map(event => event.event_id));
  const places = new Map<string, ChainRow>();
  for (const row of rows)
    if (row.event_id !== null && ids.has(row.event_id) && !places.has(row.event_id)) places.set(row.event_id, row);
  return places;
}

/** AppError not_found where the customer has no such session in BigQuery, body_too_large for one that no file should hold. */
export const exportSession = defineOperation({
  name: 'agent_log.export_session',
  permission: 'agent-log:read',
  input: z.strictObject({ session_id: storableText(agentSizes.idSigns) }),
  run: async (ctx, { session_id }): Promise<ProofFile> => {
    const { customerId, tenantDatasetId } = ctx;
    if (!tenantDatasetId) throw new AppError('not_found', 'There is no such session in the agent log.');
    const place = { customerId, tenantDatasetId };
    const events = await sessionEvents(place, session_id);
    const places = placesOf(events, await chainRowsOf(place, events));
    const known = events.flatMap(event => {
      const row = places.get(event.event_id);
      return row ? [{ row, event }] : [];
    });
    if (known.length === 0) throw new AppError('not_found', 'There is no such session in the agent log.');
    const own = known.map(({ row }) => row).sort((one, other) => one.sequence - other.sequence);
    const salts = await saltsOf(customerId, [...new Set(own.map(row => row.user_ref))]);
    const proved = known.map(({ row, event }) => {
      const salt = salts.get(row.user_ref);
      return { sequence: row.sequence, salt: salt ? eventSalt(salt, event.event_id).toString('hex') : null, event };
    });
    return {
      format: proofFormat,
      how_to_verify: howToVerify,
      customer_id: customerId,
      session_id,
      exported_at: ctx.clock().toISOString(),
      events: proved.sort((one, other) => one.sequence - other.sequence),
      ...(await linked(place, own)),
    };
  },
});
