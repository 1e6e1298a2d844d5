import { startInbound } from '../inbound/sources/smtp.js';
import type { House } from './house.js';
import { portTrouble } from './ports.js';

/** Takes in mail. @throws in words for the person at the terminal if its port can't be had. */
export const startMail = ({ config, db, log }: House) =>
  startInbound(db.knex, config, log).catch((error: unknown) => {
    throw portTrouble('INBOUND_SMTP_PORT', config.inbound_port, error);
  });
