import { startInbound } from '../inbound/server.js';
import type { House } from './house.js';

/** Takes in mail. */
export const startMail = ({ config, db, log }: House) => startInbound(db.knex, config, log);
