import type { Locator } from 'playwright-core';

/** Of the page; the tests themselves know no DOM. */
declare const MutationObserver: new (
  onChange: () => void,
) => { observe(target: unknown, options: Readonly<Record<string, boolean>>): void };

/**
 * Keeps every text that the elements of `selector` below `root` show from now on, with their labels, in the order in
 * which they were first seen: what is there for a moment only, a poll may miss.
 */
export async function recordTexts(root: Locator, selector: string): Promise<() => Promise<string[]>> {
  const record = await root.evaluateHandle((element, selector) => {
    const texts: string[] = [];
    const read = () => {
      for (const found of element.querySelectorAll(selector)) {
        const text = [found.getAttribute('aria-label'), found.textContent].filter((part) => part !== null).join(' ');
        if (!texts.includes(text)) texts.push(text);
      }
    };
    new MutationObserver(read).observe(element, {
      attributes: true,
      characterData: true,
      childList: true,
      subtree: true,
    });
    return texts;
  }, selector);
  return () => record.jsonValue();
}
