import { createPrivateKey, generateKeyPair, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import type { Knex } from 'knex';
import forge from 'node-forge';
import { systemActor, withActor } from '../db/scope.js';
import { keyPassphrase, seal, unseal } from '../db/secrets.js';
import { selfSigned } from './x509.js';

/** What a PDF is signed with: an organization's private key, and its certificate as DER. */
export interface SigningKey {
  key: KeyObject;
  certificate: Buffer;
}

/**
 * The signing key of an organization: made when first needed, once, even if two processes need it at the same time.
 * @throws Error if it was made under another SECRET.
 */
export async function signingKeyOf(db: Knex, secret: string, organization_id: string): Promise<SigningKey> {
  const kept = await withActor(db, systemActor(organization_id), (db) => sealedKey(db, organization_id));
  return open(secret, organization_id, kept ?? (await makeKey(db, secret, organization_id)));
}

async function sealedKey(db: Knex.Transaction, organization_id: string): Promise<Buffer | undefined> {
  return (await db('signing_keys').where({ organization_id }).first('p12'))?.p12;
}

async function makeKey(db: Knex, secret: string, organization_id: string): Promise<Buffer> {
  const { privateKey, publicKey } = await promisify(generateKeyPair)('rsa', {
    modulusLength: 2048,
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
  const holder = await withActor(db, systemActor(organization_id), (db) =>
    db('organizations').where({ id: organization_id }).first('name', 'email'),
  );
  const certificate = selfSigned(privateKey, publicKey, holder);
  const p12 = pkcs12(privateKey, certificate, keyPassphrase(secret, organization_id));
  return withActor(db, systemActor(organization_id), async (db) => {
    const row = {
      organization_id,
      p12: seal(secret, organization_id, p12),
      certificate: forge.pki.certificateToPem(certificate),
    };
    await db('signing_keys').insert(row).onConflict().ignore();
    const kept = await sealedKey(db, organization_id);
    if (!kept) throw new Error('The signing key was not kept.');
    return kept;
  });
}

/** Key and certificate in the one file that other programs, too, take (PKCS#12, RFC 7292). */
function pkcs12(private_pem: string, certificate: forge.pki.Certificate, passphrase: string): Buffer {
  const key = forge.pki.privateKeyFromPem(private_pem);
  const asn1 = forge.pkcs12.toPkcs12Asn1(key, [certificate], passphrase, { algorithm: 'aes256' });
  return Buffer.from(forge.asn1.toDer(asn1).getBytes(), 'latin1');
}

function open(secret: string, organization_id: string, sealed: Buffer): SigningKey {
  const der = unsealed(secret, organization_id, sealed).toString('latin1');
  const p12 = forge.pkcs12.pkcs12FromAsn1(forge.asn1.fromDer(der), keyPassphrase(secret, organization_id));
  const bag = (type: string | undefined) => p12.getBags({ bagType: type ?? '' })[type ?? '']?.[0];
  const key = bag(forge.pki.oids['pkcs8ShroudedKeyBag'])?.key;
  const certificate = bag(forge.pki.oids['certBag'])?.cert;
  if (!key || !certificate) throw new Error('The signing key is not whole.');
  return {
    key: createPrivateKey(forge.pki.privateKeyToPem(key)),
    certificate: Buffer.from(forge.asn1.toDer(forge.pki.certificateToAsn1(certificate)).getBytes(), 'latin1'),
  };
}

function unsealed(secret: string, organization_id: string, sealed: Buffer): Buffer {
  try {
    return unseal(secret, organization_id, sealed);
  } catch (error) {
    throw new Error('The signing key was made under another SECRET.', { cause: error });
  }
}
