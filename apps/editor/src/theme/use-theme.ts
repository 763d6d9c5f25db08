import { useSyncExternalStore } from 'react';
import { type ThemeName, useAppearance } from './appearance.ts';

const darkQuery = '(prefers-color-scheme: dark)';

function subscribe(onChange: () => void): () => void {
  const query = matchMedia(darkQuery);
  query.addEventListener('change', onChange);
  return () => query.removeEventListener('change', onChange);
}

/** The theme in effect: the chosen one, else the system's, followed while it changes. */
export function useTheme(): ThemeName {
  const chosen = useAppearance((appearance) => appearance.theme);
  const systemIsDark = useSyncExternalStore(subscribe, () => matchMedia(darkQuery).matches);
  return chosen ?? (systemIsDark ? 'dark' : 'light');
}
