import { readConfig } from '../../../config.js';
import { EXIT, acceptFromPipe } from './pipe.js';

/** A mail server waits for us with a process; one that comes again later is better than one that hangs. */
const PATIENCE_MS = 30_000;

// npm run --silent receive -- reply+key@mail.example.com < message; in production: node
// dist/inbound/sources/pipe/pipe_command.js …
setTimeout(() => end(EXIT.later, 'It took too long; try again later'), PATIENCE_MS).unref();
try {
  const words = process.argv.slice(2).filter((word) => word !== '--');
  const done = await acceptFromPipe({
    words,
    env: process.env,
    message: process.stdin,
    config: readConfig(process.env),
  });
  end(done.code, done.code === EXIT.ok ? '' : done.words);
} catch (error) {
  // Of what we did not think, the message shall not suffer.
  end(EXIT.later, error instanceof Error ? error.message : String(error));
}

function end(code: number, words: string): void {
  if (words) process.stderr.write(`${words}.\n`);
  process.exit(code);
}
