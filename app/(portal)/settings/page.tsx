/** Settings has no page of its own: it opens its first tab. */
import { redirect } from 'next/navigation';
import { firstSettingsPath } from '@/app/(portal)/settings/_parts/settings-tabs';

export default function SettingsPage() {
  redirect(firstSettingsPath);
}
