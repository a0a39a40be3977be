/** Every range that leads inside is closed up to its edges, and their neighbours are open. */
import { expect, test } from 'vitest';
import { isPublicAddress } from '@/lib/platform/http/address-ranges';

const closed: [what: string, addresses: string[]][] = [
  ['unspecified', ['0.0.0.0', '0.255.255.255', '::']],
  ['private', ['10.0.0.0', '10.255.255.255', '172.16.0.0', '172.31.255.255', '192.168.0.0', '192.168.255.255']],
  ['loopback', ['127.0.0.1', '127.255.255.255', '::1']],
  ['link local', ['169.254.0.0', '169.254.255.255', 'fe80::1', 'febf::1', 'fe80::1%eth0']],
  ['metadata', ['169.254.169.254', 'fd00:ec2::254', '168.63.129.16', '100.100.100.200', '192.0.0.192']],
  ['carrier NAT', ['100.64.0.0', '100.127.255.255']],
  ['multicast', ['224.0.0.0', '239.255.255.255', 'ff02::1']],
  ['reserved', ['240.0.0.0', '255.255.255.255', '192.0.0.1', '198.18.0.0', '198.19.255.255']],
  ['documentation', ['192.0.2.1', '198.51.100.1', '203.0.113.1', '2001:db8::1', '3fff::1']],
  ['unique local', ['fc00::1', 'fdff:ffff::1']],
  ['mapped IPv4', ['::ffff:127.0.0.1', '::ffff:7f00:1', '::ffff:8.8.8.8', '::ffff:0:7f00:1']],
  ['compatible IPv4', ['::127.0.0.1', '::7f00:1']],
  ['NAT64', ['64:ff9b::7f00:1', '64:ff9b::10.0.0.1', '64:ff9b:1::1']],
  ['6to4', ['2002:7f00:1::1', '2002:a00:1::']],
  ['Teredo', ['2001::1', '2001:0:4136:e378:8000:63bf:3fff:fdd2']],
  ['site local', ['fec0::1']],
  ['no address', ['', 'localhost', '127.1', '2130706433', '0x7f000001', '1.2.3.4.5']],
];

test.each(closed)('%s', (_, addresses) => {
  expect(addresses.filter(isPublicAddress)).toEqual([]);
});

test('what lies beside them is open', () => {
  const open = ['1.0.0.0', '9.255.255.255', '11.0.0.0', '100.63.255.255', '100.128.0.0', '126.255.255.255'];
  open.push('128.0.0.0', '169.253.255.255', '169.255.0.0', '172.15.255.255', '172.32.0.0', '192.167.255.255');
  open.push('192.169.0.0', '198.17.255.255', '198.20.0.0', '223.255.255.255', '8.8.8.8');
  open.push('2001:4860:4860::8888', '2600::1', '2001:200::1', '2003::1');
  expect(open.filter(address => !isPublicAddress(address))).toEqual([]);
});
