/** A process for the tests that sends one customer's due messages and dies of SIGKILL after the first: `<customer> <instant>`. */
import { channels } from '@/lib/domains/notifications/channels';
import { sendDue } from '@/lib/domains/notifications/sender';

const [customerId = '', instant = ''] = process.argv.slice(2);
await sendDue({
  clock: () => new Date(instant),
  customers: [customerId],
  channels: {
    mail: async message => {
      await channels.mail(message);
      process.kill(process.pid, 'SIGKILL');
      return new Promise(() => undefined);
    },
  },
});
