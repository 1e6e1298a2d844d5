import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { freePort } from './ports.js';

const run = promisify(execFile);

/** Why there is no Postfix to test with; false if there is. */
export const noPostfix: string | false = !existsSync('/usr/sbin/postfix')
  ? 'Postfix is not installed'
  : process.getuid?.() !== 0 && 'Postfix is started as root only';

/** How Postfix gives mail for our domain on: by SMTP to a port, or as a user to a command. */
export type Way = { smtp: number } | { pipe: { user: string; command: string } };

/** A real Postfix of our own, which takes mail for `domain` at a port and gives it on. */
export async function openPostfix(domain: string, way: Way) {
  const folder = await mkdtemp(join(tmpdir(), 'parley-postfix-'));
  await chmod(folder, 0o755);
  const port = await freePort();
  await mkdir(join(folder, 'spool'));
  await mkdir(join(folder, 'data'));
  await run('chown', ['postfix', join(folder, 'data')]);
  const next = 'smtp' in way ? `smtp:[127.0.0.1]:${way.smtp}` : 'parley:';
  await writeFile(join(folder, 'main.cf'), main(folder, domain, next));
  await writeFile(join(folder, 'master.cf'), master(port, way));
  await run('postfix', ['-c', folder, 'start']);
  return {
    port,
    /** What waits in its queue, and why. */
    queue: async () => (await run('postqueue', ['-c', folder, '-p'])).stdout,
    flush: () => run('postqueue', ['-c', folder, '-f']),
    async close() {
      await run('postfix', ['-c', folder, 'stop']).catch(() => {});
      await rm(folder, { recursive: true, force: true });
    },
  };
}

const main = (folder: string, domain: string, next: string) => `
compatibility_level = 3.6
queue_directory = ${folder}/spool
data_directory = ${folder}/data
command_directory = /usr/sbin
daemon_directory = /usr/lib/postfix/sbin
maillog_file = ${folder}/log
maillog_file_prefixes = ${folder}
mail_owner = postfix
setgid_group = postdrop
myhostname = relay.example
mydestination =
local_recipient_maps =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
mynetworks = 127.0.0.0/8
relay_domains = ${domain}
transport_maps = inline:{ {${domain} = ${next}} }
smtp_dns_support_level = disabled
smtpd_relay_restrictions = permit_mynetworks, reject
parley_destination_recipient_limit = 1
minimal_backoff_time = 1s
maximal_backoff_time = 1s
queue_run_delay = 1s
`;

const master = (port: number, way: Way) => `
127.0.0.1:${port} inet n - n - - smtpd
pickup    unix n - n 60 1 pickup
cleanup   unix n - n - 0 cleanup
qmgr      unix n - n 1 1 qmgr
rewrite   unix - - n - - trivial-rewrite
bounce    unix - - n - 0 bounce
defer     unix - - n - 0 bounce
trace     unix - - n - 0 bounce
flush     unix n - n 1000? 0 flush
proxymap  unix - - n - - proxymap
smtp      unix - - n - - smtp
showq     unix n - n - - showq
error     unix - - n - - error
retry     unix - - n - - error
discard   unix - - n - - discard
anvil     unix - - n - 1 anvil
scache    unix - - n - 1 scache
postlog   unix-dgram n - n - 1 postlogd
${'pipe' in way ? `parley    unix - n n - 4 pipe\n  flags=DRhu user=${way.pipe.user} argv=${way.pipe.command} \${recipient}` : ''}
`;
