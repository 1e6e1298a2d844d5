import type { Config } from '../config.js';

/** Tells the person at the terminal where everything is. */
export function announce(config: Config, roles: string[]): void {
  const { base_url } = config;
  const lines = [
    config.demo
      ? ['Desk', `${base_url}/harbor/desk`, 'sign in as olivia@harbor.example; the code is in the mailbox']
      : ['Start', `${base_url}/`, ''],
    ...(config.demo ? [['Portal', `${base_url}/harbor`, 'as maya@maple.example, or by any link in her mail']] : []),
    ...(config.mailbox ? [['Mailbox', `${base_url}/mailbox`, 'the inboxes of the sample people']] : []),
    ['Mail in', `smtp://localhost:${config.inbound_port}`, ''],
  ];
  const web = roles.includes('web');
  console.log(
    web
      ? `\nParley is up.\n\n${lines.map(([name = '', url = '', hint = '']) => `  ${name.padEnd(8)} ${url.padEnd(36)} ${hint}`.trimEnd()).join('\n')}\n\nCtrl-C stops it.\n`
      : `Parley is up: ${roles.join(', ')}.`,
  );
}
