import { randomBytes } from 'node:crypto';
import forge from 'node-forge';

const YEARS = 10;

/** Whose certificate it is. */
export interface Holder {
  name: string;
  email: string;
}

/**
 * A certificate that an organization signs for itself (RFC 5280): for signatures that can't be disowned, valid for
 * ten years. PDF readers want the key identifiers, the address and the use for mail before they let somebody trust
 * it.
 */
export function selfSigned(private_pem: string, public_pem: string, holder: Holder): forge.pki.Certificate {
  const certificate = forge.pki.createCertificate();
  certificate.publicKey = forge.pki.publicKeyFromPem(public_pem);
  certificate.serialNumber = serialNumber();
  certificate.validity.notBefore = new Date(Date.now() - 86_400_000); // clocks differ
  certificate.validity.notAfter = new Date();
  certificate.validity.notAfter.setFullYear(certificate.validity.notBefore.getFullYear() + YEARS);
  const subject = subjectOf(holder.name);
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

/**
 * A common name has at most 64 characters (X.520). As UTF-8, since an organization's name may have any letters; the
 * library's types know only classes.
 */
function subjectOf(name: string): forge.pki.CertificateField[] {
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
