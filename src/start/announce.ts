import { setupKey } from '../db/secrets.js';
import { isSetUp } from '../people/organization.js';
import type { Services } from './services.js';

/** Tells the person at the terminal what is being done. */
export const say = (text: string) => console.log(text);

type Line = [name: string, url: string, hint?: string];

/** Prints the addresses of what runs, for the person at the terminal. */
export async function printAddresses({ config, db, secret }: Services, roles: string[]): Promise<void> {
  if (!roles.includes('web')) return console.log(`Parley is up: ${roles.join(', ')}.`);
  const { base_url, inbound_port } = config;
  const addresses: Line[] = config.demo
    ? [
        ['Desk', `${base_url}/harbor/desk`, 'sign in as olivia@harbor.example; the code is in the mailbox'],
        ['Portal', `${base_url}/harbor`, 'as maya@maple.example, or by any link in her mail'],
      ]
    : [
        (await isSetUp(db.pool))
          ? ['Desk', `${base_url}/`]
          : ['Start', `${base_url}/setup${config.production ? `?key=${setupKey(secret)}` : ''}`, 'your organization'],
      ];
  if (config.mailbox)
    addresses.push([
      'Mailbox',
      `${base_url}/mailbox`,
      config.demo ? 'the inboxes of the sample people' : 'mail stays here until SMTP_URL is set',
    ]);
  if (roles.includes('mail')) addresses.push(['Mail in', `smtp://localhost:${inbound_port}`]);
  const lines = addresses.map(([name, url, hint = '']) => `  ${name.padEnd(8)} ${url.padEnd(36)} ${hint}`.trimEnd());
  console.log(`\nParley is up.\n\n${lines.join('\n')}\n\nCtrl-C stops it.\n`);
}
