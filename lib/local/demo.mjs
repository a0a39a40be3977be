/** `npm run demo [-- --reset]`: installs what is missing, then runs demo.ts. */
import { start } from './bootstrap.mjs';

start('lib/local/demo.ts');
