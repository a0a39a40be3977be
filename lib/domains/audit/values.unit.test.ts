import { expect, test } from 'vitest';
import { fieldLabel, isRawId, lengthWords, shownValue } from '@/lib/domains/audit/values';

test.each([
  ['rate_limit_tier', 'Rate tier'],
  ['owner.email', 'Owner, email'],
  ['grace_seconds', 'Grace'],
  ['timeZone', 'Time zone'],
  ['api_calls_month_limit', 'API calls a month'],
  ['0ac33459-7d1e-4c64-9b52-8d2f3f0f6a11', '0ac33459-7d1e-4c64-9b52-8d2f3f0f6a11'],
])('the field %s is called %s', (path, label) => expect(fieldLabel(path)).toBe(label));

test.each<[string, unknown, unknown]>([
  ['amount_due_cents', 19_900, '$199.00'],
  ['amount_usd', '250.00', '$250.00'],
  ['input_usd', 0.000_3, '$0.0003'],
  ['grace_seconds', 3_600, '1 hour'],
  ['keep_days', 90, '90 days'],
  ['duration_ms', 1_500, '1.5 s'],
  ['max_bytes_per_query', 10_485_760, '10\u00a0MiB'],
  ['bytes_per_day', 10_485_761, '10,485,761\u00a0B'],
  ['bytes_billed', 10_485_761, '10.0\u00a0MiB'],
  ['estimated_bytes', 0, '0\u00a0B'],
  ['daily_limit', 12_500, '12,500'],
  ['is_active', false, 'No'],
  ['plan', 'PROFESSIONAL', 'Professional'],
  ['role', 'COLLABORATOR', 'Collaborator'],
  ['status', 'PAST_DUE', 'Past due'],
  ['outcome', 'requires_action', 'Requires action'],
  ['trial_end_date', '2026-11-24', '24 Nov 2026'],
  ['expires_at', '2026-11-29T10:00:00.000Z', new Date('2026-11-29T10:00:00Z')],
  ['invoice_id', 'in_1Q2w3E4r5T', { id: 'in_1Q2w3E4r5T' }],
  ['scopes', ['runs:read', 'runs:write'], 'runs:read, runs:write'],
  ['scopes', [], 'none'],
  ['schedule_cron', '0 2 * * *', 'Every day at 02:00 (0 2 * * *)'],
  ['name', 'ci-loader', 'ci-loader'],
  ['name', '[secret]', '[secret]'],
])('%s of %j is shown as %j', (name, value, shown) => expect(shownValue(name, value)).toEqual(shown));

test.each([
  [0, 'none'],
  [90, '90 seconds'],
  [60, '1 minute'],
  [86_400, '1 day'],
  [604_800, '7 days'],
])('%i seconds are %s', (seconds, words) => expect(lengthWords(seconds)).toBe(words));

test.each([
  ['cus_9f3k2m5n7p', true],
  ['0ac33459-7d1e-4c64-9b52-8d2f3f0f6a11', true],
  ['service:0ac33459', true],
  ['jo@acme.example', false],
  ['gcp_cost', false],
  ['claude-sonnet-4-5', false],
  ['ci-loader', false],
])('%s is an id: %s', (text, is) => expect(isRawId(text)).toBe(is));
