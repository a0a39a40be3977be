/** Whose request it is: the entry that our own proxies vouch for, cut to a network. */
import { expect, test } from 'vitest';
import { forwardedCaller } from '@/lib/edge/http/request-info';
import { parseEnv } from '@/lib/platform/env';
import { cutAddress } from '@/lib/platform/http/networks';

test.each([
  ['one proxy, which names the caller', '203.0.113.9', 1, '203.0.113.9'],
  ['one proxy, and a caller who invents a hop', '8.8.8.8, 203.0.113.9', 1, '203.0.113.9'],
  ['a load balancer, which adds itself', '203.0.113.9, 34.1.2.3', 2, '203.0.113.9'],
  ['a load balancer, and a caller who invents hops', '8.8.8.8, 9.9.9.9, 203.0.113.9, 34.1.2.3', 2, '203.0.113.9'],
  ['a request past the load balancer', '203.0.113.9', 2, '203.0.113.9'],
  ['three proxies', '8.8.8.8,203.0.113.9,10.0.0.1,10.0.0.2', 3, '203.0.113.9'],
] as const)('%s: %s with %i trusted is from %s', (_, forwarded, trusted, caller) => {
  expect(forwardedCaller(forwarded, trusted)?.trim()).toBe(caller);
});

test('without the header nobody is named', () => expect(forwardedCaller(null, 2)).toBeUndefined());

test.each([
  ['203.0.113.9', '203.0.113.0/24'],
  [' ::ffff:203.0.113.9 ', '203.0.113.0/24'],
  ['2001:db8:1:2::5', '2001:db8:1::/48'],
  ['::1', '0:0:0::/48'],
  ['unknown', null],
  ['203.0.113.9:4711', null],
  ['', null],
] as const)('the address %j is kept as %s', (address, prefix) => expect(cutAddress(address)).toBe(prefix));

test.each(['0', '-1', '1.5', 'two', '11'])('TRUSTED_PROXIES=%s is refused at start', text => {
  expect(() => parseEnv({ TRUSTED_PROXIES: text })).toThrow(/TRUSTED_PROXIES/);
});
test.each([undefined, '', '1', '2'])('TRUSTED_PROXIES=%s is taken', text => {
  expect(() => parseEnv({ TRUSTED_PROXIES: text })).not.toThrow(/TRUSTED_PROXIES/);
});
