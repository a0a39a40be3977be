/** `npm test`: installs what is missing, then runs test.ts. */
import { start } from './bootstrap.mjs';

start('dev/stack/test.ts');
