import i18next from 'i18next';
import { startTexts } from '../i18n/i18n.ts';
import { useAppearance } from '../theme/appearance.ts';

/** Japanese texts in the light theme, and the browser parts that jsdom lacks; nothing is measured in these tests. */
export async function prepareEnvironment(): Promise<void> {
  fillGaps();
  useAppearance.setState({ language: 'ja', theme: 'light' });
  if (!i18next.isInitialized) await startTexts();
}

function fillGaps(): void {
  globalThis.ResizeObserver ??= class {
    observe() {}
    unobserve() {}
    disconnect() {}
  };
  globalThis.DOMMatrixReadOnly ??= class {
    m22 = 1;
  } as unknown as typeof DOMMatrixReadOnly;
  globalThis.matchMedia ??= ((media: string) => ({
    matches: false,
    media,
    onchange: null,
    addEventListener: () => undefined,
    removeEventListener: () => undefined,
    addListener: () => undefined,
    removeListener: () => undefined,
    dispatchEvent: () => false,
  })) as typeof matchMedia;
  Element.prototype.scrollIntoView ??= () => undefined;
}
