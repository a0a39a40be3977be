/** `npm run dev [-- --reset]`: installs what is missing, then runs dev.ts. */
import { start } from './bootstrap.mjs';

start('dev/stack/dev.ts');
