import { domainToASCII, domainToUnicode } from 'node:url';

const LOCAL = /^[^\s@"<>(),:;\\[\]]{1,64}$/;
const LABEL = '[a-z0-9](?:[a-z0-9-]*[a-z0-9])?';
const DOMAIN = new RegExp(`^${LABEL}(?:\\.${LABEL})+$`);
/** Characters that show nothing, or private ones: an address with them is another than it seems. */
const UNSEEN = /[\p{C}\p{Z}\p{Default_Ignorable_Code_Point}]/u;

/**
 * The one form in which an address is stored and compared: in lower case, its domain in ASCII (IDNA, RFC 5891):
 * "Info@Müller-Bau.example" is "info@xn--mller-bau-q9a.example". What is no address stays none.
 */
export function canonicalAddress(typed: string): string {
  const address = typed.trim().normalize('NFC');
  const at = address.lastIndexOf('@');
  if (at < 1 || UNSEEN.test(address)) return address;
  const domain = address.slice(at + 1).toLowerCase();
  return `${address.slice(0, at).toLowerCase()}@${isAscii(domain) ? domain : domainToASCII(domain)}`;
}

// oxlint-disable-next-line no-control-regex -- all of ASCII
const isAscii = (text: string) => /^[\u0000-\u007f]*$/.test(text);

/** Whether input can be an email address (RFC 5321 §4.1.2, without quoted local parts and address literals). */
export function isEmail(typed: string): boolean {
  const address = canonicalAddress(typed);
  const at = address.lastIndexOf('@');
  const [local, domain] = [address.slice(0, at), address.slice(at + 1)];
  return address.length <= 254 && LOCAL.test(local) && !UNSEEN.test(local) && DOMAIN.test(domain);
}

/** An address as people write it: "info@müller-bau.example". */
export function shownAddress(address: string): string {
  const at = address.lastIndexOf('@');
  const domain = address.slice(at + 1);
  return /(?:^|\.)xn--/.test(domain) ? `${address.slice(0, at)}@${domainToUnicode(domain) || domain}` : address;
}
