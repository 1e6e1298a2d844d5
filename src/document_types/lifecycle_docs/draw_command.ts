import { writeFileSync } from 'node:fs';
import { types } from '../index.js';
import { lifecycles } from './draw.js';

writeFileSync('docs/lifecycles.md', lifecycles(types));
