import { writeFileSync } from 'node:fs';
import { drawLifecycles } from './draw.js';

writeFileSync('docs/lifecycles.md', drawLifecycles());
