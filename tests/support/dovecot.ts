import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { chmod, chown, mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { freePort } from './ports.js';
import { until } from './until.js';

const run = promisify(execFile);

/** Why there is no Dovecot to test with; false if there is. */
export const noDovecot: string | false = !existsSync('/usr/sbin/dovecot')
  ? 'Dovecot is not installed'
  : process.getuid?.() !== 0 && 'Dovecot is started as root only';

/** Whose mail it is: a user that every Debian has. */
const NOBODY = 65534;

/** A real Dovecot of our own, with one mailbox. */
export async function openDovecot() {
  const folder = await mkdtemp(join(tmpdir(), 'parley-dovecot-'));
  await chmod(folder, 0o755);
  const port = await freePort();
  const inbox = join(folder, 'mail');
  for (const path of [inbox, join(inbox, 'new'), join(inbox, 'cur'), join(inbox, 'tmp')]) {
    await mkdir(path);
    await chown(path, NOBODY, NOBODY);
  }
  const conf = join(folder, 'dovecot.conf');
  await writeFile(conf, settings(folder, port));
  let server = await launch(conf, port);
  let delivered = 0;
  return {
    url: `imap://parley:secret@127.0.0.1:${port}/INBOX`,
    /** Puts a message into the mailbox, as a mail server does. */
    async deliver(raw: string | Buffer) {
      const name = `${1_700_000_000 + delivered}.M${delivered}P${process.pid}.test`;
      delivered += 1;
      const file = join(inbox, 'tmp', name);
      await writeFile(file, raw);
      await chown(file, NOBODY, NOBODY);
      await rename(file, join(inbox, 'new', name));
    },
    /** As after a restore from a backup: all messages have other numbers. Whoever reads is cut off. */
    async renumber() {
      await run('doveadm', ['-c', conf, 'mailbox', 'update', '-u', 'parley', '--uid-validity', '4711', 'INBOX']);
      await this.restart();
    },
    async restart() {
      await server.stop();
      server = await launch(conf, port);
    },
    /** How many are signed in. */
    async readers() {
      const { stdout } = await run('doveadm', ['-c', conf, '-f', 'tab', 'who', '-1']);
      return stdout.split('\n').filter((line) => line.startsWith('parley')).length;
    },
    /** How many messages nobody has marked as seen. */
    async unseen() {
      const { stdout } = await run('doveadm', ['-c', conf, 'search', '-u', 'parley', 'mailbox', 'INBOX', 'unseen']);
      return stdout.split('\n').filter(Boolean).length;
    },
    async close() {
      await server.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function launch(conf: string, port: number) {
  const child = spawn('dovecot', ['-F', '-c', conf], { stdio: 'ignore' });
  const gone = once(child, 'exit');
  await until('Dovecot', () => answers(port));
  return {
    async stop() {
      child.kill('SIGTERM');
      await gone;
    },
  };
}

const answers = (port: number) =>
  new Promise<boolean>((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('data', () => resolve(true)).once('error', () => resolve(false));
    socket.once('data', () => socket.destroy());
  });

const settings = (folder: string, port: number) => `
protocols = imap
listen = 127.0.0.1
base_dir = ${folder}/run
state_dir = ${folder}/state
instance_name = parley-${port}
log_path = ${folder}/log
ssl = no
disable_plaintext_auth = no
auth_mechanisms = plain
mail_location = maildir:${folder}/mail
first_valid_uid = 1
mail_max_userip_connections = 50
passdb {
  driver = static
  args = password=secret
}
userdb {
  driver = static
  args = uid=${NOBODY} gid=${NOBODY} home=${folder}/mail
}
service imap-login {
  chroot =
  inet_listener imap {
    port = ${port}
  }
  inet_listener imaps {
    port = 0
  }
}
service anvil {
  chroot =
}
service stats {
  chroot =
}
`;
