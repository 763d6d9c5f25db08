import type { LocalisedText } from '@kumiki/flow';
import { useCallback } from 'react';
import { useAppearance } from '../theme/appearance.ts';

/** Picks the language of the interface out of texts that come from the server in both. */
export function useLocalised(): (text: LocalisedText) => string {
  const language = useAppearance((appearance) => appearance.language);
  return useCallback((text) => text[language], [language]);
}
