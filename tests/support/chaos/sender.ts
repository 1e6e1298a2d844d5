import { setTimeout as pause } from 'node:timers/promises';
import nodemailer from 'nodemailer';

export interface Posted {
  from: string;
  to: string;
  /** A word that no other message has. */
  mark: string;
  raw: string;
}

/**
 * A mail server that does not give up: it sends a message until it has heard "250", as RFC 5321 §4.5.4.1 asks.
 * Returns how often it had to.
 */
export async function sendUntilTaken(port: number, { from, to, raw }: Posted): Promise<number> {
  for (let tries = 1; ; tries++) {
    const smtp = nodemailer.createTransport({
      host: '127.0.0.1',
      port,
      ignoreTLS: true,
      connectionTimeout: 5000,
      socketTimeout: 10_000,
    });
    try {
      await smtp.sendMail({ envelope: { from, to }, raw });
      return tries;
    } catch {
      await pause(100); // a mail server would let minutes pass
    } finally {
      smtp.close();
    }
  }
}
