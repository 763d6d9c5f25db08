import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';

/** Rules of WCAG 2.2 A and AA and best practices, in both themes; minor and moderate findings are left to the eye. */
export async function expectAccessible(page: Page, within = 'html'): Promise<void> {
  const light = await findSerious(new AxeBuilder({ page }).include(within));
  // A theme changes colours and nothing else.
  await changeTheme(page, 'dark');
  const dark = await findSerious(new AxeBuilder({ page }).include(within).withRules(['color-contrast']));
  await changeTheme(page, 'light');
  expect({ light, dark }).toEqual({ light: [], dark: [] });
}

async function changeTheme(page: Page, colorScheme: 'light' | 'dark'): Promise<void> {
  await page.emulateMedia({ colorScheme });
  await page.locator(`:root[data-theme="${colorScheme}"]`).waitFor();
}

async function findSerious(axe: AxeBuilder): Promise<readonly string[]> {
  const { violations } = await axe.analyze();
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map(({ target, failureSummary }) => `${id} ${target}: ${failureSummary}`));
}
