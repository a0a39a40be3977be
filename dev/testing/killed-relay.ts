/** A process for the tests that flushes one mirror and dies of SIGKILL at the point named: `<mirror> before|after`. */

import { testMirror } from '@/dev/testing/test-mirror';
import { flushOnce } from '@/lib/warehouse/mirror/relay';

const [name = '', point] = process.argv.slice(2);
const test = testMirror(name);
const die = async () => {
  process.kill(process.pid, 'SIGKILL');
  await new Promise(() => undefined);
};
await flushOnce(test.deps(point === 'before' ? { beforeMerge: die } : { afterMerge: die }), { mirrors: [test.name] });
