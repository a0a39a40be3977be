/** What the product does for who signs in, beside the card; each line is a page of the portal. */
import { Icon, type IconName } from '@/app/_ui/icon';

const promises: readonly { icon: IconName; title: string; text: string }[] = [
  {
    icon: 'workflow',
    title: 'Read why a run failed',
    text: 'What changed since the last good run, which step broke, and how often the same error came before.',
  },
  {
    icon: 'key-round',
    title: 'Keys that end when you say so',
    text: 'Shown once, rotated without a gap, refused from the moment a revocation is answered.',
  },
  {
    icon: 'sparkles',
    title: 'Know what AI costs',
    text: 'By model, developer, repository and pull request, with a budget that tells before it is spent.',
  },
  {
    icon: 'scroll-text',
    title: 'Every change on record',
    text: 'Who did what and when, in an audit log that nobody can rewrite unseen.',
  },
];

export const Promises = () => (
  <div className="flex max-w-[440px] flex-col gap-8">
    <p className="entry-claim">One place for everything your data platform gives you.</p>
    <ul className="flex flex-col gap-5">
      {promises.map(({ icon, title, text }) => (
        <li key={title} className="flex gap-3">
          <span className="entry-icon">
            <Icon name={icon} size={18} />
          </span>
          <span>
            <strong className="block font-semibold">{title}</strong>
            <span className="entry-quiet">{text}</span>
          </span>
        </li>
      ))}
    </ul>
  </div>
);
