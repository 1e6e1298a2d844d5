import type { Knex } from 'knex';
import type { Config } from '../../config.js';
import { systemActor, withActor } from '../../db/scope.js';
import type { Lookup } from './dns.js';
import { checkKeys, keysOf } from './dkim_keys.js';
import { type Finding, findingsOf, type MailSetup } from './dns_findings.js';

/** What a check of our DNS records needs. */
export interface DnsCheckContext {
  db: Knex;
  config: Pick<Config, 'mail_domain' | 'base_url' | 'smtp_url'>;
  secret: string;
  lookup: Lookup;
}

const hostOf = (url: string) => new URL(url).hostname.replace(/^\[|\]$/g, '');

const mailSetup = ({ mail_domain, base_url, smtp_url }: DnsCheckContext['config']): MailSetup => ({
  mail_domain,
  host: hostOf(base_url),
  smtp_host: smtp_url ? hostOf(smtp_url) : null,
});

/** Checks our DNS records, activates a DKIM key once its record is published, and stores the findings. */
export async function checkDns({ db, config, secret, lookup }: DnsCheckContext): Promise<Finding[]> {
  const { mail_domain: domain } = config;
  await checkKeys(db, secret, domain, lookup);
  const findings = await findingsOf(lookup, mailSetup(config), await keysOf(db, domain));
  const row = { findings: JSON.stringify(findings), checked_at: db.fn.now() };
  await withActor(db, systemActor(null), (db) =>
    db('mail_checks')
      .insert({ domain, ...row })
      .onConflict('domain')
      .merge(row),
  );
  return findings;
}

/** The findings of the last check; undefined before the first. */
export const lastCheck = (db: Knex, domain: string): Promise<{ findings: Finding[]; checked_at: Date } | undefined> =>
  withActor(db, systemActor(null), (db) => db('mail_checks').where({ domain }).first('findings', 'checked_at'));
