import { DrizzleQueryError } from 'drizzle-orm/errors';
import pino from 'pino';
import { expect, test } from 'vitest';
import { errorForLog, messageForStaff, Secret } from '@/lib/platform/log';

const refused = Object.assign(new Error('duplicate key value violates unique constraint "users_email"'), {
  code: '23505',
  detail: 'Key (email)=(mia@example.com) already exists.',
  where: 'COPY users, line 1: "mia@example.com"',
  constraint: 'users_email',
});
const failed = new DrizzleQueryError('insert into users values ($1, $2)', ['mia@example.com', 'a\nsecret'], refused);

/** What pino writes of an error, as text. */
function logged(error: unknown): string {
  const lines: string[] = [];
  const logger = pino({ serializers: { err: errorForLog } }, { write: (line: string) => void lines.push(line) });
  logger.error({ err: error }, 'failed');
  return lines.join('');
}

test('a failed statement is logged with its text and reason, without the values of the row', () => {
  for (const error of [failed, new Error('the command failed', { cause: failed })]) {
    const line = logged(error);
    expect(line).toContain('insert into users values ($1, $2)');
    expect(line).toContain('23505');
    expect(line).toContain('users_email');
    expect(line).not.toContain('mia@example.com');
    expect(line).not.toContain('secret');
  }
});

test('the record of a failed job holds no values of rows', () => {
  expect(messageForStaff(failed)).toBe('Failed query: insert into users values ($1, $2)');
  expect(messageForStaff(new Error('the disk is full'))).toBe('the disk is full');
  expect(messageForStaff('odd')).toBe('odd');
});

test('a secret prints as [secret] in templates and JSON', () => {
  const secret = new Secret('ty_live_x');
  expect(`${secret} ${JSON.stringify({ secret })}`).toBe('[secret] {"secret":"[secret]"}');
});
