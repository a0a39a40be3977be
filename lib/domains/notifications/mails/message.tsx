/** The one layout of all mails (react-email): readable without images, in dark mode, at any width, and as plain text. */
import { Body, Button, Container, Head, Heading, Hr, Html, Link, Preview, Section, Text } from 'react-email';
import type { Content } from '@/lib/domains/notifications/contents/content';

export type MessageProps = {
  content: Content;
  portalUrl: string;
  supportContact: string;
  /** Whether the settings page can turn this message off. */
  canBeTurnedOff: boolean;
};

const font = "-apple-system, BlinkMacSystemFont, 'Segoe UI', Roboto, Helvetica, Arial, sans-serif";

/** Colours of app/globals.css; programs that know prefers-color-scheme get the dark ones by class. */
const darkStyles = `
  :root { color-scheme: light dark; supported-color-schemes: light dark; }
  @media (prefers-color-scheme: dark) {
    .page, .page > table > tbody > tr > td { background-color: #0f0f12 !important; }
    .card { background-color: #17171a !important; border-color: #2a2a31 !important; }
    .text { color: #f2f2f4 !important; }
    .muted { color: #a6a6b0 !important; }
    .line { border-color: #2a2a31 !important; }
    .action { background-color: #a5a1ff !important; color: #14122e !important; }
    .link { color: #a5a1ff !important; }
  }
`;

const styles = {
  page: { backgroundColor: '#f8f8fa', fontFamily: font, margin: 0, padding: '24px 12px' },
  card: {
    backgroundColor: '#ffffff',
    border: '1px solid #e3e3e8',
    borderRadius: '10px',
    maxWidth: '560px',
    padding: '28px 28px 20px',
  },
  brand: { color: '#18181b', fontSize: '16px', fontWeight: 600, lineHeight: '24px', margin: '0 0 20px' },
  /** The mark as letters: programs show it where they load no pictures. */
  mark: {
    backgroundColor: '#4338ca',
    borderRadius: '6px',
    color: '#ffffff',
    display: 'inline-block',
    fontSize: '14px',
    fontWeight: 700,
    lineHeight: '24px',
    marginRight: '8px',
    textAlign: 'center',
    width: '24px',
  },
  heading: { color: '#18181b', fontSize: '20px', fontWeight: 600, lineHeight: '28px', margin: '0 0 12px' },
  text: { color: '#18181b', fontSize: '15px', lineHeight: '24px', margin: '0 0 12px', wordBreak: 'break-word' },
  fact: { color: '#18181b', fontSize: '14px', lineHeight: '20px', margin: '0 0 6px', wordBreak: 'break-word' },
  factName: { color: '#55555e' },
  action: {
    backgroundColor: '#4338ca',
    borderRadius: '8px',
    color: '#ffffff',
    fontSize: '15px',
    fontWeight: 600,
    padding: '11px 18px',
    textDecoration: 'none',
  },
  line: { borderColor: '#e3e3e8', margin: '24px 0 16px' },
  small: { color: '#55555e', fontSize: '13px', lineHeight: '20px', margin: '0 0 8px' },
  link: { color: '#4338ca', textDecoration: 'underline' },
} as const;

function Facts({ facts }: { facts: [string, string][] }) {
  return facts.map(([name, value]) => (
    <Text key={name} className="text" style={styles.fact}>
      <span className="muted" style={styles.factName}>
        {name}:
      </span>{' '}
      {value}
    </Text>
  ));
}

function Footer({ content, portalUrl, supportContact, canBeTurnedOff }: MessageProps) {
  return (
    <>
      <Hr className="line" style={styles.line} />
      <Text className="muted" style={styles.small}>
        {content.because}
        {canBeTurnedOff && (
          <>
            {' '}
            <Link className="link" href={`${portalUrl}/settings/notifications`} style={styles.link}>
              Choose your messages
            </Link>
          </>
        )}
      </Text>
      <Text className="muted" style={styles.small}>
        Questions: {supportContact}
      </Text>
    </>
  );
}

export function Message(props: MessageProps) {
  const { content, portalUrl } = props;
  return (
    <Html lang="en">
      <Head>
        <meta name="color-scheme" content="light dark" />
        <meta name="supported-color-schemes" content="light dark" />
        {/* No mail program makes a link of a number or address in a name. */}
        <meta name="format-detection" content="telephone=no,date=no,address=no,email=no,url=no" />
        <title>{content.subject}</title>
        <style>{darkStyles}</style>
      </Head>
      <Preview>{content.paragraphs[0] ?? content.heading}</Preview>
      <Body className="page" style={styles.page}>
        <Container className="card" style={styles.card}>
          <Text className="text" style={styles.brand}>
            <span aria-hidden="true" data-skip-in-text="true" style={styles.mark}>
              T
            </span>
            Tenantry
          </Text>
          <Heading as="h1" className="text" style={styles.heading}>
            {content.heading}
          </Heading>
          {content.paragraphs.map(paragraph => (
            <Text key={paragraph} className="text" style={styles.text}>
              {paragraph}
            </Text>
          ))}
          {content.facts && content.facts.length > 0 && <Facts facts={content.facts} />}
          {content.action && (
            <Section style={{ margin: '20px 0 8px' }}>
              <Button className="action" href={`${portalUrl}${content.action.path}`} style={styles.action}>
                {content.action.label}
              </Button>
            </Section>
          )}
          <Footer {...props} />
        </Container>
      </Body>
    </Html>
  );
}
