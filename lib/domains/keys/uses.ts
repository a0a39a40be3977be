/** What keys did, noted in process and written in batches: when each was last used, how often, by whom. A call costs no statement. */
import { type Calls, type KeyCall, mergeCalls, newCalls, noteInto, writeCalls } from '@/lib/domains/keys/calls';
import { writeLastUses } from '@/lib/domains/keys/last-used';
import { db } from '@/lib/platform/db';
import { log } from '@/lib/platform/log';
import { processWide } from '@/lib/platform/process-wide';

const flushEveryMs = 2_000;

type Use = { lastMs: number; calls: Calls | null };
type Pending = {
  uses: Map<string, Use>;
  /** Callers in `uses`, of all keys. */
  callers: number;
  timer: NodeJS.Timeout | undefined;
  flushing: Promise<void>;
};
const pending = () =>
  processWide(
    'key-uses',
    (): Pending => ({ uses: new Map(), callers: 0, timer: undefined, flushing: Promise.resolve() }),
  );

/** Callers held between two flushes: some MB. Where more keys than that call within 2 s, those beyond are only counted. */
const maxCallers = 20_000;

function notedOf(keyId: string): Use {
  const state = pending();
  let use = state.uses.get(keyId);
  if (!use) {
    use = { lastMs: 0, calls: null };
    state.uses.set(keyId, use);
  }
  // Unref: a waiting flush keeps no process alive; drains call flushKeyUses.
  state.timer ??= setTimeout(() => {
    state.timer = undefined;
    flushKeyUses().catch(error => log().warn({ err: error }, 'the uses of keys were not written; they are kept'));
  }, flushEveryMs).unref();
  return use;
}

/**
 * Notes one successful authentication of a key. Costs no query; a process that is killed loses at most 2 s.
 * Source: docs/spec/requirements.md, M-21.
 */
export function touchKey(keyId: string, at: Date): void {
  const use = notedOf(keyId);
  use.lastMs = Math.max(use.lastMs, at.getTime());
}

/** Notes an answered call of a customer's key, as touchKey notes its use; callers beyond the latest 20 of a key are only counted. */
export function noteCall(keyId: string, call: KeyCall): void {
  const use = notedOf(keyId);
  use.calls ??= newCalls();
  const state = pending();
  if (noteInto(use.calls, call, state.callers < maxCallers)) state.callers += 1;
}

/** Writes what is noted; part of a drain. What cannot be written stays noted for the next flush. */
export function flushKeyUses(): Promise<void> {
  const state = pending();
  state.flushing = state.flushing.catch(() => undefined).then(writeNoted);
  return state.flushing;
}

async function writeNoted(): Promise<void> {
  const state = pending();
  if (state.uses.size === 0) return;
  const noted = state.uses;
  state.uses = new Map();
  state.callers = 0;
  try {
    // In the order of ids, so that two processes flushing the same keys cannot wait for one another.
    const inOrder = [...noted].sort(([a], [b]) => (a < b ? -1 : 1));
    await db().transaction(async tx => {
      await writeLastUses(
        tx,
        inOrder.flatMap(([id, { lastMs }]) => (lastMs > 0 ? { id, at: new Date(lastMs) } : [])),
      );
      await writeCalls(
        tx,
        inOrder.flatMap(([id, { calls }]) => (calls ? { id, calls } : [])),
      );
    });
  } catch (error) {
    for (const [keyId, { lastMs, calls }] of noted) giveBack(keyId, lastMs, calls);
    throw error;
  }
}

function giveBack(keyId: string, lastMs: number, calls: Calls | null): void {
  const use = notedOf(keyId);
  use.lastMs = Math.max(use.lastMs, lastMs);
  if (!calls) return;
  const state = pending();
  state.callers -= use.calls?.latest.length ?? 0;
  use.calls = use.calls ? mergeCalls(calls, use.calls) : calls;
  state.callers += use.calls.latest.length;
}
