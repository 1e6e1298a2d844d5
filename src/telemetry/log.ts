import pino, { type DestinationStream, type Logger } from 'pino';
import { causeId } from './cause.js';
import { errorFacts } from './error_facts.js';
import { masked } from './masked.js';

/**
 * The log: one line of JSON for each thing that happened, with the id of the request that it was done for. What could
 * open something, or names an address, is masked in each line, whoever wrote it. `destination` is for tests.
 */
export const openLog = (level: string, destination?: DestinationStream): Logger =>
  pino(
    {
      level,
      mixin: () => {
        const request_id = causeId();
        return request_id === null ? {} : { request_id };
      },
      serializers: { err: errorFacts },
      hooks: { streamWrite: masked },
    },
    destination,
  );
