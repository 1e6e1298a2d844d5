import { createPrivateKey, generateKeyPair, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import type { Knex } from 'knex';
import forge from 'node-forge';
import { systemActor, withActor } from '../db/scope.js';
import { keyPassphrase, seal, unseal, unsealWithAny } from '../db/secrets.js';
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

/**
 * Seals the signing key of an organization under the first of these secrets. One that none of them opens is removed, so
 * that another is made when it is needed: returns whether that was so. What it signed stays signed.
 */
export async function resealSigningKey(
  db: Knex.Transaction,
  secrets: readonly string[],
  organization_id: string,
): Promise<boolean> {
  const sealed = await findSealedKey(db, organization_id);
  if (!sealed) return false;
  const row = db('signing_keys').where({ organization_id });
  const p12 = unsealWithAny(secrets, organization_id, sealed);
  if (p12)
    await row.update({ p12: seal(secrets[0] ?? '', organization_id, withPassphrase(p12, secrets, organization_id)) });
  else await row.del();
  return !p12;
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

/** The same file under the passphrase of the first of these secrets. */
function withPassphrase(p12: Buffer, secrets: readonly string[], organization_id: string): Buffer {
  const asn1 = forge.asn1.fromDer(p12.toString('latin1'));
  const passphrases = secrets.map((secret) => keyPassphrase(secret, organization_id));
  for (const passphrase of passphrases) {
    const { key, certificate } = contentsOf(asn1, passphrase) ?? {};
    if (key && certificate) return pkcs12(forge.pki.privateKeyToPem(key), certificate, passphrases[0] ?? '');
  }
  throw new Error('The signing key is not whole.');
}

/** Null if the passphrase is another. */
function contentsOf(asn1: forge.asn1.Asn1, passphrase: string) {
  try {
    const p12 = forge.pkcs12.pkcs12FromAsn1(asn1, passphrase);
    const bag = (type: string | undefined) => p12.getBags({ bagType: type ?? '' })[type ?? '']?.[0];
    return {
      key: bag(forge.pki.oids['pkcs8ShroudedKeyBag'])?.key,
      certificate: bag(forge.pki.oids['certBag'])?.cert,
    };
  } catch {
    return null;
  }
}

function openKey(secret: string, organization_id: string, sealed: Buffer): SigningKey {
  const der = unsealKey(secret, organization_id, sealed).toString('latin1');
  const { key, certificate } = contentsOf(forge.asn1.fromDer(der), keyPassphrase(secret, organization_id)) ?? {};
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
