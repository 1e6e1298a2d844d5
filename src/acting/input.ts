import { z } from 'zod';
import type { Action } from '../document_types/index.js';
import type { StoredFile } from '../files/storage.js';
import { parseBy } from '../input/fields.js';
import type { Input } from './context.js';

/**
 * An action's input by its schema; fields that it doesn't ask for are left out.
 * @throws Invalid with a message for each field by its path: 'amount', 'content.lines.2.unit_price'
 */
export const parseInput = ({ asks }: Pick<Action, 'asks'>, input: Input): Input => parseBy(asks ?? z.object({}), input);

/** The files among an act's input. */
export const filesIn = ({ files }: Input): StoredFile[] => (Array.isArray(files) ? files : []);

/** What is stored of the input with the activity: text, days, ids and amounts. */
export const plainFields = (input: Input): Record<string, string | number> =>
  Object.fromEntries(
    Object.entries(input).flatMap(([name, value]) =>
      typeof value === 'string' || typeof value === 'number' ? [[name, value]] : [],
    ),
  );
