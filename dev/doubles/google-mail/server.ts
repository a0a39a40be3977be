/** The local Google sign-in and mail inbox (emulate's own services) as one process. */
import { createEmulator } from 'emulate';
import { z } from 'zod';
import { closeOnSignal } from '@/dev/doubles/double-server';
import { everyone, testPeople } from '@/dev/seed/people';

const settings = z
  .object({
    GOOGLE_PORT: z.coerce.number().int().positive(),
    MAIL_PORT: z.coerce.number().int().positive(),
    GOOGLE_CLIENT_ID: z.string().min(1),
    GOOGLE_CLIENT_SECRET: z.string().min(1),
    REDIRECT_URIS: z.string().transform(text => text.split(',')),
    WITH_TEST_PEOPLE: z.enum(['true', 'false']).transform(text => text === 'true'),
  })
  .parse(process.env);

const google = await createEmulator({
  service: 'google',
  port: settings.GOOGLE_PORT,
  hostname: '127.0.0.1',
  baseUrl: `http://127.0.0.1:${settings.GOOGLE_PORT}`,
  seed: {
    google: {
      users: settings.WITH_TEST_PEOPLE ? [...everyone, ...testPeople] : everyone,
      oauth_clients: [
        {
          client_id: settings.GOOGLE_CLIENT_ID,
          client_secret: settings.GOOGLE_CLIENT_SECRET,
          name: 'Tenantry',
          redirect_uris: settings.REDIRECT_URIS,
        },
      ],
    },
  },
});
const mail = await createEmulator({
  service: 'resend',
  port: settings.MAIL_PORT,
  hostname: '127.0.0.1',
  baseUrl: `http://127.0.0.1:${settings.MAIL_PORT}`,
});
closeOnSignal(() => Promise.all([google.close(), mail.close()]));
console.log(`Google sign-in listens on ${google.url}, mail on ${mail.url}`);
