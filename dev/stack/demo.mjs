/** `npm run demo [-- --reset]`: installs what is missing, then runs demo.ts. */
import { start } from './bootstrap.mjs';

start('dev/stack/demo.ts');
