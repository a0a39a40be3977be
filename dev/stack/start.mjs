/** `node dev/stack/start.mjs <file> [arguments]`: installs what is missing, then runs one of our TypeScript files. */
import { start } from './bootstrap.mjs';

const [file, ...args] = process.argv.slice(2);
start(file, args);
