import { randomBytes } from 'node:crypto';
import forge from 'node-forge';

const YEARS = 10;

interface Holder {
  name: string;
  email: string;
}

/**
 * A self-signed certificate (RFC 5280) for non-repudiable signatures, valid for ten years. PDF readers ask for the key
 * identifiers, the address and the use for email before they let anyone trust it.
 */
export function selfSigned(private_pem: string, public_pem: string, holder: Holder): forge.pki.Certificate {
  const certificate = forge.pki.createCertificate();
  certificate.publicKey = forge.pki.publicKeyFromPem(public_pem);
  certificate.serialNumber = serialNumber();
  certificate.validity.notBefore = new Date(Date.now() - 86_400_000); // in case the reader's clock is behind
  certificate.validity.notAfter = new Date();
  certificate.validity.notAfter.setFullYear(certificate.validity.notBefore.getFullYear() + YEARS);
  const subject = commonName(holder.name);
  certificate.setSubject(subject);
  certificate.setIssuer(subject);
  certificate.setExtensions(extensions(certificate, holder.email));
  certificate.sign(forge.pki.privateKeyFromPem(private_pem), forge.md.sha256.create());
  return certificate;
}

/** 127 bits, positive and without a leading zero, as DER wants an integer. */
function serialNumber(): string {
  const bytes = randomBytes(16);
  bytes[0] = ((bytes[0] ?? 0) & 0x7f) | 0x40;
  return bytes.toString('hex');
}

/** At most 64 characters (X.520), in UTF-8. The library's types leave out that string type. */
function commonName(name: string): forge.pki.CertificateField[] {
  const value = Array.from(name).slice(0, 64).join('');
  return [{ name: 'commonName', value, valueTagClass: forge.asn1.Type.UTF8 as unknown as forge.asn1.Class }];
}

const RFC822_NAME = 1;

function extensions(certificate: forge.pki.Certificate, email: string): object[] {
  const ascii = /^[\x21-\x7e]+$/.test(email);
  return [
    { name: 'basicConstraints', cA: false, critical: true },
    { name: 'keyUsage', digitalSignature: true, nonRepudiation: true, critical: true },
    { name: 'extKeyUsage', emailProtection: true },
    ...(ascii ? [{ name: 'subjectAltName', altNames: [{ type: RFC822_NAME, value: email }] }] : []),
    { name: 'subjectKeyIdentifier' },
    { name: 'authorityKeyIdentifier', keyIdentifier: certificate.generateSubjectKeyIdentifier().getBytes() },
  ];
}
