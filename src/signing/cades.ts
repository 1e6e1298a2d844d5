import { createHash, sign } from 'node:crypto';
import forge from 'node-forge';
import type { SigningKey } from './seal_keys.js';

const DATA = '1.2.840.113549.1.7.1';
const SIGNED_DATA = '1.2.840.113549.1.7.2';
const SHA256 = '2.16.840.1.101.3.4.2.1';
const RSA = '1.2.840.113549.1.1.1';
const CONTENT_TYPE = '1.2.840.113549.1.9.3';
const MESSAGE_DIGEST = '1.2.840.113549.1.9.4';
const SIGNING_CERTIFICATE_V2 = '1.2.840.113549.1.9.16.2.47';

const SEQUENCE = 0x30;
const SET = 0x31;
const CONTEXT_0 = 0xa0;

/**
 * A detached signature of `content` in DER: CMS (RFC 5652) with the attributes of a CAdES baseline signature (ETSI EN
 * 319 122-1): content type, digest and signing certificate. The signing time is in the PDF (ETSI EN 319 142-1, 6.3).
 */
export function cadesSignature(content: Buffer, { key, certificate }: SigningKey): Buffer {
  const attributes = [
    attribute(CONTENT_TYPE, oid(DATA)),
    attribute(MESSAGE_DIGEST, octets(sha256(content))),
    // ESSCertIDv2 with its default hash, SHA-256 (RFC 5035).
    attribute(SIGNING_CERTIFICATE_V2, der(SEQUENCE, der(SEQUENCE, der(SEQUENCE, octets(sha256(certificate)))))),
  ].toSorted((a, b) => Buffer.compare(a, b));
  // Signed as a SET, sent under [0] (RFC 5652, 5.4).
  const signature = sign('sha256', der(SET, ...attributes), key);
  const signer = der(
    SEQUENCE,
    integer(1),
    issuerAndSerial(certificate),
    algorithm(SHA256),
    der(CONTEXT_0, ...attributes),
    algorithm(RSA),
    octets(signature),
  );
  const signed = [
    integer(1),
    der(SET, algorithm(SHA256)),
    der(SEQUENCE, oid(DATA)),
    der(CONTEXT_0, certificate),
    der(SET, signer),
  ];
  return der(SEQUENCE, oid(SIGNED_DATA), der(CONTEXT_0, der(SEQUENCE, ...signed)));
}

const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest();
const attribute = (type: string, value: Buffer) => der(SEQUENCE, oid(type), der(SET, value));
const algorithm = (name: string) => der(SEQUENCE, oid(name), der(0x05));
const octets = (bytes: Buffer) => der(0x04, bytes);
const integer = (value: number) => der(0x02, Buffer.from([value]));
const oid = (name: string) => der(0x06, Buffer.from(forge.asn1.oidToDer(name).getBytes(), 'latin1'));

/** Tag, length and content (X.690, 8.1 and 10.1). */
function der(tag: number, ...parts: Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  const { length } = content;
  if (length < 0x80) return Buffer.concat([Buffer.from([tag, length]), content]);
  const bytes = Buffer.from(length.toString(16).padStart(length > 0xffff ? 6 : length > 0xff ? 4 : 2, '0'), 'hex');
  return Buffer.concat([Buffer.from([tag, 0x80 | bytes.length]), bytes, content]);
}

/** Identifies the certificate, by the exact bytes of its issuer and serial number. */
function issuerAndSerial(certificate: Buffer): Buffer {
  const parsed = forge.asn1.fromDer(certificate.toString('latin1'));
  const [body] = parsed.value as forge.asn1.Asn1[];
  const [, serial, , issuer] = (body?.value ?? []) as forge.asn1.Asn1[];
  if (!serial || !issuer) throw new Error('The certificate can not be read.');
  const bytes = (part: forge.asn1.Asn1) => Buffer.from(forge.asn1.toDer(part).getBytes(), 'latin1');
  return der(SEQUENCE, bytes(issuer), bytes(serial));
}
