import { createPrivateKey, generateKeyPair, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import type { Knex } from 'knex';
import forge from 'node-forge';
import { systemActor, withActor } from '../db/scope.js';
import { keyPassphrase, seal, unseal } from '../db/secrets.js';
import { selfSigned } from './x509.js';

/** An organization's private key, with its certificate in DER. */
export interface SigningKey {
  key: KeyObject;
  certificate: Buffer;
}

/**
 * The signing key of an organization, created when first needed; only once, even if two processes need it together.
 * @throws Error if it was created under another SECRET.
 */
export async function signingKeyOf(db: Knex, secret: string, organization_id: string): Promise<SigningKey> {
  const stored = await withActor(db, systemActor(organization_id), (db) => findSealedKey(db, organization_id));
  return openKey(secret, organization_id, stored ?? (await createKey(db, secret, organization_id)));
}

async function findSealedKey(db: Knex.Transaction, organization_id: string): Promise<Buffer | undefined> {
  return (await db('signing_keys').where({ organization_id }).first('p12'))?.p12;
}

async function createKey(db: Knex, secret: string, organization_id: string): Promise<Buffer> {
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
    const stored = await findSealedKey(db, organization_id);
    if (!stored) throw new Error('The signing key was not kept.');
    return stored;
  });
}

/** Key and certificate in one file that other programs can read, too (PKCS#12, RFC 7292). */
function pkcs12(private_pem: string, certificate: forge.pki.Certificate, passphrase: string): Buffer {
  const key = forge.pki.privateKeyFromPem(private_pem);
  const asn1 = forge.pkcs12.toPkcs12Asn1(key, [certificate], passphrase, { algorithm: 'aes256' });
  return Buffer.from(forge.asn1.toDer(asn1).getBytes(), 'latin1');
}

function openKey(secret: string, organization_id: string, sealed: Buffer): SigningKey {
  const der = unsealKey(secret, organization_id, sealed).toString('latin1');
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

function unsealKey(secret: string, organization_id: string, sealed: Buffer): Buffer {
  try {
    return unseal(secret, organization_id, sealed);
  } catch (error) {
    throw new Error('The signing key was made under another SECRET.', { cause: error });
  }
}
