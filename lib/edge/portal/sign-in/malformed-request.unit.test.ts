import { expect, test } from 'vitest';
import { malformedSignInRequest } from '@/lib/edge/portal/sign-in/malformed-request';

const at = 'http://127.0.0.1/api/auth';
const form = { 'content-type': 'application/x-www-form-urlencoded; charset=UTF-8' };

const taken: [sentence: string, path: string, init?: RequestInit][] = [
  [
    'Google’s answer',
    '/callback/google?code=4%2F0Ab_x&state=a.b-c&scope=email+https%3A%2F%2Fwww.googleapis.com%2Fauth&hd=example.com',
  ],
  ['Google’s refusal in the person’s language', '/callback/google?error=access_denied&error_description=%C3%A9'],
  ['our form', '/signin/google', { method: 'POST', headers: form, body: 'csrfToken=x' }],
];
const refused: [sentence: string, status: number, path: string, init?: RequestInit][] = [
  ['JSON', 415, '/signin/google', { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{' }],
  ['a body without a type', 415, '/signin/google', { method: 'POST', body: new Uint8Array([1]) }],
  ['a NUL', 400, '/error?error=%00'],
  ['a line break', 400, '/error?error=x%0d%0aset-cookie:y'],
  ['a sign that no header holds', 400, '/error?error=%F0%9F%91%BB'],
];

test.each(taken)('next-auth sees %s', (_, path, init) =>
  expect(malformedSignInRequest(new Request(at + path, init))).toBeNull(),
);

test.each(refused)('%s is refused before next-auth fails on it', (_, status, path, init) =>
  expect(malformedSignInRequest(new Request(at + path, init))?.status).toBe(status),
);
