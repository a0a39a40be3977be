import { NextRequest } from 'next/server';
import { expect, test } from 'vitest';
import { noticeOf, passNotice } from '@/lib/edge/portal/landing';

const told = encodeURIComponent('/keys/key_1?done=renamed');
const request = (path: string, method = 'GET', cookie = `tenantry.notice=${told}`) =>
  new NextRequest(`http://localhost:3000${path}`, { method, headers: { cookie } });

test('a notice is told on its own page alone, whatever stands in the address, and not to a form', () => {
  expect(noticeOf(request('/keys/key_1'))).toBe('done=renamed');
  expect(noticeOf(request('/keys/key_1?done=revoked'))).toBe('done=renamed');
  expect(noticeOf(request('/keys'))).toBeNull();
  expect(noticeOf(request('/keys/key_1', 'POST'))).toBeNull();
  expect(noticeOf(request('/keys/key_1', 'GET', ''))).toBeNull();
  expect(noticeOf(request('/keys/key_1', 'GET', 'tenantry.notice=%E0%A4%A'))).toBeNull();
});

test('a header that a caller sends is no notice', () => {
  const headers = new Headers({ 'x-notice': 'done=revoked' });
  passNotice(headers, null);
  expect(headers.has('x-notice')).toBe(false);
  passNotice(headers, 'done=renamed');
  expect(headers.get('x-notice')).toBe('done=renamed');
});
