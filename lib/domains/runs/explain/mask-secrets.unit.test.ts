import { expect, test } from 'vitest';
import { maskJson, maskSecrets } from '@/lib/domains/runs/explain/mask-secrets';

const pem = (body: string) => `-----BEGIN PRIVATE KEY-----\\n${body}\\n-----END PRIVATE KEY-----`;

/** Rows: what a worker wrote, and what is shown of it. */
const cases: [written: string, shown: string][] = [
  ['login failed for user etl, password=hunter2', 'login failed for user etl, password=[secret]'],
  ['password: hunter; host: db', 'password: [secret]; host: db'],
  ['PGPASSWORD="two words" psql', 'PGPASSWORD=[secret] psql'],
  ["db_password = 'it\\'s' next", 'db_password = [secret] next'],
  ['curl -H "Authorization: Bearer abc.def-123" failed', 'curl -H "Authorization: Bearer [secret]" failed'],
  ['Authorization: Basic dXNlcjpwYXNz', 'Authorization: Basic [secret]'],
  ['key ty_live_4f2a9c0000000000 was refused', 'key [secret] was refused'],
  [
    `{"type":"service_account","private_key":"${pem('MIIEvQ')}","client_email":"a@b.iam"}`,
    '{"type":"service_account","private_key":[secret],"client_email":"a@b.iam"}',
  ],
  [`could not parse ${pem('MIIE\\nvQ')} given`, 'could not parse [secret] given'],
  ['-----BEGIN RSA PRIVATE KEY-----\nMIIEvQIBADANBg cut off he', '[secret]'],
  ['AKIAIOSFODNN7EXAMPLE is not authorized', '[secret] is not authorized'],
  ['aws_secret_access_key=wJalrXUtnFEMI/K7MDENG rejected', 'aws_secret_access_key=[secret] rejected'],
  ['session_token: FwoGZXIvYXdz3BYaD', 'session_token: [secret]'],
  ['postgres://etl:s3cr3t@db:5432/costs refused', 'postgres://etl:[secret]@db:5432/costs refused'],
  ['GET https://x.test/a?token=abc&day=1 gave 403', 'GET https://x.test/a?token=[secret]&day=1 gave 403'],
  ['https://s.test/b?X-Amz-Signature=ab12&X-Amz-Date=1', 'https://s.test/b?X-Amz-Signature=[secret]&X-Amz-Date=1'],
  ['jwt eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl expired', 'jwt [secret] expired'],
  ['sk_live_51HxxxxxxxxxxxABC and ghp_0123456789abcdefABCD', '[secret] and [secret]'],
  ['x-api-key: 9f2c44aa10', 'x-api-key: [secret]'],
  // Words about secrets are no secrets.
  ['the security token is expired', 'the security token is expired'],
  ['Invalid token: signature mismatch', 'Invalid token: signature mismatch'],
  ['The credential prod-gcp lacks bigquery.dataEditor.', 'The credential prod-gcp lacks bigquery.dataEditor.'],
  ['Bearer of bad news', 'Bearer of bad news'],
  ['passed 12 of 14; monkey=1', 'passed 12 of 14; monkey=1'],
];

test.each(cases)('%s', (written, shown) => expect(maskSecrets(written)).toBe(shown));

test('in JSON a secret’s name is enough, at any depth; switches and nothing stay', () => {
  const sent = {
    region: 'US',
    db: { user: 'etl', password: 12345, hosts: ['postgres://a:b@c/d'] },
    'api-key': 'short',
    use_token: true,
    secret: null,
    token_bucket: 5,
    row: JSON.rawJSON('9007199254740993'),
  };
  expect(maskJson(sent)).toEqual({
    region: 'US',
    db: { user: 'etl', password: '[secret]', hosts: ['postgres://a:[secret]@c/d'] },
    'api-key': '[secret]',
    use_token: true,
    secret: null,
    token_bucket: 5,
    row: sent.row,
  });
});

test('10,000 signs of any kind are looked through in a moment', () => {
  for (const sign of ['a', '-', '_', '"', ':', '=', ' ', 'password', 'eyJ', '://', '\\']) {
    const text = sign.repeat(Math.ceil(10_000 / sign.length));
    const started = performance.now();
    maskSecrets(text);
    expect(performance.now() - started, sign).toBeLessThan(500);
  }
});
