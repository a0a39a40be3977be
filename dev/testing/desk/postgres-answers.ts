/** Watches what this process asks Postgres outside of transactions, and what it is answered, while a test runs. */
import { onTestFinished, vi } from 'vitest';
import { pool } from '@/lib/platform/db';

export type PostgresAnswer = { sql: string; rows: string };

/** From now on each question with its rows as JSON. */
export function postgresAnswers(): PostgresAnswer[] {
  const answers: PostgresAnswer[] = [];
  const open = pool();
  const spied = vi.spyOn(open, 'query');
  const query = Object.getPrototypeOf(open).query.bind(open);
  const watched = async (config: { text: string }, values: unknown) => {
    const answer = await query(config, values);
    answers.push({ sql: config.text, rows: JSON.stringify(answer.rows) });
    return answer;
  };
  spied.mockImplementation(watched as typeof query);
  onTestFinished(() => spied.mockRestore());
  return answers;
}
