import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';
import { type Language, useAppearance } from '../theme/appearance.ts';
import { english } from './english.ts';
import { japanese, type Texts } from './texts.ts';

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'translation';
    resources: { translation: Texts };
  }
}

/** Prepares the texts in both languages and keeps `<html lang>` and the texts on the chosen one. */
export async function startTexts(): Promise<void> {
  await i18next.use(initReactI18next).init({
    lng: useAppearance.getState().language,
    fallbackLng: 'ja',
    resources: { ja: { translation: japanese }, en: { translation: english } },
    interpolation: { escapeValue: false },
  });
  showLanguage(useAppearance.getState().language);
  useAppearance.subscribe(({ language }, before) => {
    if (language !== before.language) showLanguage(language);
  });
}

function showLanguage(language: Language): void {
  document.documentElement.lang = language;
  void i18next.changeLanguage(language);
}
