import forge from 'node-forge';

/** A message as mail programs wrap it in its signature (S/MIME, opaque), in base64. */
export function signedMessage(entity: string): string {
  const { privateKey, publicKey } = forge.pki.rsa.generateKeyPair({ bits: 1024 });
  const certificate = forge.pki.createCertificate();
  Object.assign(certificate, { publicKey, serialNumber: '01' });
  certificate.validity.notAfter.setFullYear(2040);
  certificate.setSubject([{ name: 'commonName', value: 'Maya Chen' }]);
  certificate.setIssuer([{ name: 'commonName', value: 'Maya Chen' }]);
  certificate.sign(privateKey);
  const signed = forge.pkcs7.createSignedData();
  signed.content = forge.util.createBuffer(entity);
  signed.addCertificate(certificate);
  const { sha256: digestAlgorithm = '' } = forge.pki.oids;
  signed.addSigner({ key: privateKey, certificate, digestAlgorithm, authenticatedAttributes: [] });
  signed.sign();
  const der = forge.asn1.toDer(signed.toAsn1()).getBytes();
  return (
    Buffer.from(der, 'latin1')
      .toString('base64')
      .match(/.{1,64}/g) ?? []
  ).join('\r\n');
}
