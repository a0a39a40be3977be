/** Makes the two parts of a mail from an event's content. */
import { plainTextSelectors, render, toPlainText } from 'react-email';
import type { Content } from '@/lib/domains/notifications/contents/content';
import { Message } from '@/lib/domains/notifications/mails/message';

export type RenderedMail = { subject: string; html: string; text: string };
export type MailSurroundings = { portalUrl: string; supportContact: string; canBeTurnedOff: boolean };

const textOptions = { selectors: [...plainTextSelectors, { selector: 'h1', options: { uppercase: false } }] };

/** The mail of a content: the same input gives the same bytes. */
export async function renderMail(content: Content, surroundings: MailSurroundings): Promise<RenderedMail> {
  const html = await render(<Message content={content} {...surroundings} />);
  return { subject: content.subject, html, text: toPlainText(html, textOptions) };
}
