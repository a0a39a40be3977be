/** Verifies a session's file by itself: nothing but the file is needed, and the key service where seals are to be checked too. */
import { type ChainRow, chainHash, eventHash } from '@/lib/domains/agent-log/chain/hashes';
import { checkpointStatement, openCheckpoint } from '@/lib/domains/agent-log/checkpoints/checkpoint';
import { type ProofFile, proofFile } from '@/lib/domains/agent-log/export/proof-file';

export type VerifiedFile = {
  sessionId: string;
  /** Events that are as they were recorded, and those whose users were erased. */
  proved: number;
  erased: number;
  /** Days of the checkpoints that the session is linked to. */
  checkpoints: string[];
  /** What is wrong, as sentences; empty for a file that holds. */
  problems: string[];
};

/** Each row's own hash, and that of the row before where that row is here. */
function chainProblems({ chain, chain_is_complete }: ProofFile): string[] {
  const problems: string[] = [];
  let before: ChainRow | undefined;
  for (const row of chain) {
    const gap = before ? row.sequence - before.sequence : 1;
    if (gap < 1 || (gap > 1 && chain_is_complete)) problems.push(`row ${row.sequence} of the chain is out of order`);
    if (chainHash(row) !== row.chain_hash) problems.push(`row ${row.sequence} of the chain was changed`);
    if (before && gap === 1 && row.previous_hash !== before.chain_hash)
      problems.push(`row ${row.sequence} of the chain does not follow the one before`);
    before = row;
  }
  return problems;
}

type Event = ProofFile['events'][number];

/** What is wrong with an event; null where it is as it was recorded, or erased. */
function eventProblem({ sequence, salt, event }: Event, row: ChainRow | undefined, sessionId: string): string | null {
  if (!row || row.event_id !== event.event_id) return `event ${event.event_id} has no row of the chain`;
  if (event.session_id !== sessionId) return `event ${event.event_id} is of another session`;
  if (salt === null) return null;
  const isSame = eventHash(Buffer.from(salt, 'hex'), event) === row.content_hash;
  return isSame ? null : `event ${event.event_id} (row ${sequence}) was changed`;
}

/** What is wrong with a checkpoint; null where it seals the row that it names. */
async function checkpointProblem(
  file: ProofFile,
  { day, sequence, statement, seal }: ProofFile['checkpoints'][number],
  { row, seals }: { row: ChainRow | undefined; seals: boolean },
): Promise<string | null> {
  const { data } = checkpointStatement.safeParse(JSON.parse(statement));
  const isOfRow = data?.sequence === sequence && data.day === day && data.customer_id === file.customer_id;
  if (!data || !isOfRow || !row || row.chain_hash !== data.chain_hash)
    return `the checkpoint of ${day} is of another chain`;
  if (!seals) return null;
  const sealed = { customerId: file.customer_id, day, sequence, statement, seal: Buffer.from(seal, 'base64') };
  return (await openCheckpoint(sealed)) ? null : `the checkpoint of ${day} does not fit its seal`;
}

/**
 * Checks what a file says; `seals` asks the key service too (AppError key_service_unavailable). A text that is no such file is
 * a problem like any other.
 */
export async function verifyFile(text: string, { seals }: { seals: boolean }): Promise<VerifiedFile> {
  const nothing = { sessionId: '', proved: 0, erased: 0, checkpoints: [] };
  const read = readFile(text);
  if (typeof read === 'string') return { ...nothing, problems: [read] };
  const rows = new Map(read.chain.map(row => [row.sequence, row]));
  const problems = chainProblems(read);
  let [proved, erased] = [0, 0];
  for (const event of read.events) {
    const problem = eventProblem(event, rows.get(event.sequence), read.session_id);
    if (problem) problems.push(problem);
    else if (event.salt === null) erased++;
    else proved++;
  }
  const checkpoints: string[] = [];
  for (const checkpoint of read.checkpoints) {
    const problem = await checkpointProblem(read, checkpoint, { row: rows.get(checkpoint.sequence), seals });
    if (problem) problems.push(problem);
    else checkpoints.push(checkpoint.day);
  }
  return { sessionId: read.session_id, proved, erased, checkpoints, problems };
}

/** The file, or why the text is none. */
function readFile(text: string): ProofFile | string {
  try {
    const { data, error } = proofFile.safeParse(JSON.parse(text));
    const [issue] = error?.issues ?? [];
    return data ?? `this is no proof of a session: ${issue?.path.join('.')}: ${issue?.message}`;
  } catch {
    return 'this is no JSON';
  }
}
