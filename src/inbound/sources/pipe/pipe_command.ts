import { readConfig, readEnvironment } from '../../../config.js';
import { EXIT, acceptFromPipe } from './pipe.js';

/** The mail server keeps a process waiting for us, and would rather retry later. */
const TIMEOUT_MS = 30_000;

// npm run --silent receive -- reply+key@mail.example.com < message; in production: node
// dist/inbound/sources/pipe/pipe_command.js …
setTimeout(() => end(EXIT.later, 'It took too long; try again later'), TIMEOUT_MS).unref();
try {
  const recipients = process.argv.slice(2).filter((word) => word !== '--');
  const config = readConfig(readEnvironment());
  const result = await acceptFromPipe({ recipients, env: process.env, message: process.stdin, config });
  end(result.code, result.code === EXIT.ok ? '' : result.text);
} catch (error) {
  // An error of ours must not bounce the message.
  end(EXIT.later, error instanceof Error ? error.message : String(error));
}

function end(code: number, text: string): void {
  if (text) process.stderr.write(`${text}.\n`);
  process.exit(code);
}
