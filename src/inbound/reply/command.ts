import { buffer } from 'node:stream/consumers';
import { MailRefused } from '../reading/limits.js';
import { extractReply } from '../reply.js';

// npm run --silent reply < message.eml
try {
  const reply = await extractReply(await buffer(process.stdin));
  process.stdout.write(`${reply.text}\n`);
} catch (error) {
  if (!(error instanceof MailRefused)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
