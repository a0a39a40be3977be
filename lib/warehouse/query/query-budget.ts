/** How often a customer's views and calls may ask BigQuery in a minute: each question bills at least 10 MB a table. */
import { consume } from '@/lib/kernel/limits';
import { env } from '@/lib/platform/env';
import { isErrorNamed } from '@/lib/platform/process-wide';

/** The customer has used up its questions of this minute. */
export class BudgetSpentError extends Error {
  constructor(readonly resetSeconds: number) {
    super(`no questions are left for ${resetSeconds} s`);
    this.name = 'BudgetSpentError';
  }

  static [Symbol.hasInstance](value: unknown): boolean {
    return isErrorNamed(value, 'BudgetSpentError');
  }
}

/** Takes one question of the customer's minute. Throws BudgetSpentError. */
export async function takeQuestion(customerId: string): Promise<void> {
  const rule = { name: 'bigquery-questions', points: env().BIGQUERY_QUESTIONS_PER_MINUTE, seconds: 60 };
  const { allowed, resetSeconds } = await consume(rule, customerId);
  if (!allowed) throw new BudgetSpentError(resetSeconds);
}
