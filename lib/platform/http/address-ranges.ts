/** Which addresses of the internet a request for a customer may reach: global unicast, and none that leads inside. */
import { BlockList, isIP } from 'node:net';

/** What IANA registers for special purposes, and the wire server of Azure, which is inside of its networks. */
const closedIpv4: [network: string, prefix: number][] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['168.63.129.16', 32],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.31.196.0', 24],
  ['192.52.193.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['192.175.48.0', 24],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
];

/** All that is not global unicast is closed: mapped and compatible IPv4, NAT64, unique local, link local, multicast. */
const globalUnicast = ['2000::', 3] as const;
/** What of global unicast is closed: protocol assignments with Teredo, documentation, 6to4, segment routing. */
const closedIpv6: [network: string, prefix: number][] = [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['2620:4f:8000::', 48],
  ['3fff::', 20],
];

function listOf(family: 'ipv4' | 'ipv6', subnets: readonly (readonly [string, number])[]): BlockList {
  const list = new BlockList();
  for (const [network, prefix] of subnets) list.addSubnet(network, prefix, family);
  return list;
}

// One list a family: a list that holds both judges a mapped address by the rules of IPv4 alone.
const closed4 = listOf('ipv4', closedIpv4);
const closed6 = listOf('ipv6', closedIpv6);
const global6 = listOf('ipv6', [globalUnicast]);

/** True where the address, as the resolver or a socket names it, belongs to the open internet. */
export function isPublicAddress(address: string): boolean {
  const family = isIP(address);
  if (family === 4) return !closed4.check(address, 'ipv4');
  if (family !== 6 || address.includes('%')) return false;
  return global6.check(address, 'ipv6') && !closed6.check(address, 'ipv6');
}
