/** Cuts IP addresses within texts to the networks that we keep of callers, in lists, with ports and in prose. */
import { isIP } from 'node:net';
import { cutAddress } from '@/lib/platform/http/networks';

/**
 * Four numbers that stand alone. Behind a name and one slash, as in `Chrome/120.0.0.0`, they are a version; a prefix length goes
 * with its address.
 */
const four = /(?<![\w.-]|\w\/)(\d{1,3}(?:\.\d{1,3}){3})(?:\/\d{1,3})?(?!\w|\.\d)/g;
/** Groups with at least two colons; a zone and a prefix length go with them. Times and hardware addresses have the form too, and are no address. */
const six =
  /(?<![\w:.])((?:[\da-f]{0,4}:){2,8}(?:\d{1,3}(?:\.\d{1,3}){3}|[\da-f]{0,4}))(?:%[\w-]{1,30})?(?:\/\d{1,3})?/gi;

/** Numbers with zeros in front are read by some programs too. */
const plainFour = (address: string): string => address.split('.').map(Number).join('.');

/** The text with every IP address in it cut to its /24 or /48, as `203.0.113.0/24`. Linear in its length. */
export function maskAddresses(text: string): string {
  return text
    .replace(six, (all, address: string) => (isIP(address) === 6 ? (cutAddress(address) ?? all) : all))
    .replace(four, (all, address: string) => cutAddress(plainFour(address)) ?? all);
}
