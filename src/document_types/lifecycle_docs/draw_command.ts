import { writeFileSync } from 'node:fs';
import { types } from '../index.js';
import { drawLifecycles } from './draw.js';

writeFileSync('docs/lifecycles.md', drawLifecycles(types));
