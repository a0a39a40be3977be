/** Idempotency-Key: the first answer is given again for 24 hours; the same key with another request is refused. */
import { createHash } from 'node:crypto';
import { StripeError } from '@/dev/doubles/stripe/errors';
import type { StripeState } from '@/dev/doubles/stripe/state';

const keptMs = 24 * 3_600_000;

export type Answer = { status: number; body: unknown; replayed: boolean };

const dropEveryMs = 60_000;
let droppedAtMs = 0;

/** Forgets answers that are too old, which lie first; not at each call, because all names are gone through. */
function dropOld(answers: StripeState['answers']): void {
  if (Date.now() - droppedAtMs < dropEveryMs) return;
  droppedAtMs = Date.now();
  for (const [name, { at }] of Object.entries(answers)) {
    if (Date.now() - at < keptMs) return;
    delete answers[name];
  }
}

/** A refused card is an answer like any other, and is kept; a refused request may be corrected under its key. */
function answerOf(run: () => unknown): { status: number; body: unknown } {
  try {
    return { status: 200, body: structuredClone(run()) };
  } catch (error) {
    if (error instanceof StripeError && error.status === 402) return { status: 402, body: error.body() };
    throw error;
  }
}

/** Answers from memory, or by `run`. Throws StripeError where the key was used for another request. */
export function once(state: StripeState, key: string | undefined, request: string, run: () => unknown): Answer {
  if (!key) return { ...answerOf(run), replayed: false };
  const hash = createHash('sha256').update(request).digest('hex');
  const saved = state.answers[key];
  if (saved && Date.now() - saved.at < keptMs) {
    if (saved.request === hash) return { status: saved.status, body: saved.body, replayed: true };
    const text = `Keys for idempotent requests can only be used with the same parameters they were first used with.`;
    throw new StripeError(400, text, { type: 'idempotency_error' });
  }
  dropOld(state.answers);
  const made = answerOf(run);
  delete state.answers[key];
  state.answers[key] = { ...made, request: hash, at: Date.now() };
  return { ...made, replayed: false };
}
