import { create } from 'zustand';
import { persist } from 'zustand/middleware';

export const languages = ['ja', 'en'] as const;
export type Language = (typeof languages)[number];
export type ThemeName = 'light' | 'dark';

type Appearance = {
  readonly language: Language;
  /** `null`: as the system has it. */
  readonly theme: ThemeName | null;
  readonly setLanguage: (language: Language) => void;
  readonly setTheme: (theme: ThemeName) => void;
};

/** How the editor looks to this person in this browser: language and theme, kept in the local storage. */
export const useAppearance = create<Appearance>()(
  persist(
    (set) => ({
      language: preferredLanguage(navigator.languages),
      theme: null,
      setLanguage: (language) => set({ language }),
      setTheme: (theme) => set({ theme }),
    }),
    { name: 'kumiki.appearance', partialize: ({ language, theme }) => ({ language, theme }) },
  ),
);

/** The first language of the browser that the editor speaks; Japanese where it speaks none of them. */
export function preferredLanguage(wanted: readonly string[]): Language {
  for (const tag of wanted) {
    const found = languages.find((language) => tag === language || tag.startsWith(`${language}-`));
    if (found !== undefined) return found;
  }
  return 'ja';
}
