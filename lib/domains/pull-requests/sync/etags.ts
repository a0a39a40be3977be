/** ETags of questions whose answers are durable, for the token that asked. Source: docs/spec/requirements.md, T-23. */
import { and, eq } from 'drizzle-orm';
import { etagStateMirror } from '@/lib/domains/pull-requests/mirror';
import { etagState, type Repository, repositoryWalks } from '@/lib/domains/pull-requests/tables';
import { enqueue } from '@/lib/kernel/outbox';
import { db, type Tx } from '@/lib/platform/db';

type Owner = Pick<Repository, 'customerId' | 'repositoryId'>;
export type Tag = { endpoint: string; etag: string | null; lastModified: string | null };

/** The ETag of a question of this repository; null where its answer is not durable. */
export async function knownEtag({ customerId, repositoryId }: Owner, endpoint: string): Promise<string | null> {
  const [known] = await db()
    .select({ etag: etagState.etag })
    .from(etagState)
    .where(
      and(
        eq(etagState.customerId, customerId),
        eq(etagState.endpoint, endpoint),
        eq(etagState.repositoryId, repositoryId),
      ),
    );
  return known?.etag ?? null;
}

/** Keeps an ETag in the transaction that makes the last of its answer durable. */
export async function keepEtag(tx: Tx, { customerId, repositoryId }: Owner, tag: Tag, at: Date): Promise<void> {
  if (tag.etag === null) return;
  const row = { ...tag, customerId, repositoryId, lastSynced: at };
  const { etag, lastModified, lastSynced } = row;
  const [kept] = await tx
    .insert(etagState)
    .values(row)
    .onConflictDoUpdate({
      target: [etagState.customerId, etagState.endpoint],
      set: { etag, lastModified, lastSynced, repositoryId },
    })
    .returning();
  if (kept) await enqueue(tx, [etagStateMirror.ref(kept)]);
}

/** Forgets a repository's ETags, those of walks under way too: they were given to another token, or another name. Answers how many. */
export async function forgetEtags(tx: Tx, { repositoryId }: Owner): Promise<number> {
  const gone = await tx.delete(etagState).where(eq(etagState.repositoryId, repositoryId)).returning();
  await tx
    .update(repositoryWalks)
    .set({ endpoint: null, etag: null })
    .where(eq(repositoryWalks.repositoryId, repositoryId));
  const atOnce = 2_000;
  for (let from = 0; from < gone.length; from += atOnce)
    await enqueue(tx, gone.slice(from, from + atOnce).map(etagStateMirror.ref));
  return gone.length;
}
