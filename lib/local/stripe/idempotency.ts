/** Idempotency-Key: the first answer is given again for 24 hours; the same key with another request is refused. */
import { createHash } from 'node:crypto';
import { StripeError } from '@/lib/local/stripe/errors';
import type { StripeState } from '@/lib/local/stripe/state';

const keptMs = 24 * 3_600_000;

export type Answer = { body: unknown; replayed: boolean };

/** Answers from memory, or by `run`; only successes are kept, so that a corrected request may use its key again. */
export function once(state: StripeState, key: string | undefined, request: string, run: () => unknown): Answer {
  if (!key) return { body: run(), replayed: false };
  const hash = createHash('sha256').update(request).digest('hex');
  const saved = state.answers[key];
  if (saved && Date.now() - saved.at < keptMs) {
    if (saved.request === hash) return { body: saved.body, replayed: true };
    const text = `Keys for idempotent requests can only be used with the same parameters they were first used with.`;
    throw new StripeError(400, text, { type: 'idempotency_error' });
  }
  for (const [name, { at }] of Object.entries(state.answers)) if (Date.now() - at >= keptMs) delete state.answers[name];
  const body = structuredClone(run());
  state.answers[key] = { request: hash, body, at: Date.now() };
  return { body, replayed: false };
}
