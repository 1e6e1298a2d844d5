import { BlockList, isIP } from 'node:net';

/** IPv4 networks that aren't hosts of the Internet: private, of this machine, link-local, of documentation, multicast. */
const NOT_PUBLIC = [
  ...['0.0.0.0/8', '10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '169.254.0.0/16', '172.16.0.0/12', '192.0.0.0/24'],
  ...['192.0.2.0/24', '192.88.99.0/24', '192.168.0.0/16', '198.18.0.0/15', '198.51.100.0/24', '203.0.113.0/24'],
  ...['224.0.0.0/4', '240.0.0.0/4'],
];

/** Within 2000::/3, outside of which nothing is public: protocols that lead elsewhere (Teredo, 6to4), documentation. */
const NOT_PUBLIC_6 = ['2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20'];

function listOf(family: 'ipv4' | 'ipv6', networks: readonly string[]): BlockList {
  const list = new BlockList();
  for (const network of networks) {
    const [address = '', bits] = network.split('/');
    list.addSubnet(address, Number(bits), family);
  }
  return list;
}

const refused = listOf('ipv4', NOT_PUBLIC);
const refused6 = listOf('ipv6', NOT_PUBLIC_6);
const global6 = listOf('ipv6', ['2000::/3']);

/**
 * Whether an IP address is one of the Internet. IPv4 that is written as IPv6 (::ffff:10.0.0.1, 64:ff9b::10.0.0.1) is
 * not, nor is what is no address.
 */
export function isPublicAddress(ip: string): boolean {
  const version = isIP(ip);
  if (version === 4) return !refused.check(ip, 'ipv4');
  return version === 6 && !ip.includes('%') && global6.check(ip, 'ipv6') && !refused6.check(ip, 'ipv6');
}

/** Whether an IP address is this machine's own. */
export const isLoopback = (ip: string): boolean => /^127\./.test(ip) || ip === '::1';
