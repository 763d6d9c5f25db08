import type { ExperimentReport } from '../../api/experiments.ts';
import type { Language } from '../../theme/appearance.ts';

type Page = {
  readonly report: ExperimentReport;
  readonly language: Language;
  readonly sheets: Iterable<CSSStyleSheet>;
  /** Said where questions and answers stood, for a file that may leave the house; null: they stay. */
  readonly withheld: string | null;
};

/** What the page needs when it is not within the editor: it scrolls, it has margins, and it is printed on white. */
const ownStyles = `
html, body { height: auto; overflow: auto; background: var(--panel); }
body { margin: 0; padding: 0 24px; }
@page { margin: 14mm; }
@media print { html, body { background: none; padding: 0; } }
`;

/**
 * The report that is shown as one HTML file: its elements as they stand, all rows open, with the rules that apply to them
 * and the report itself as JSON. Nothing in it is loaded from anywhere, and nothing runs.
 */
export function writeReportPage(shown: HTMLElement, { report, language, sheets, withheld }: Page): string {
  const article = document.importNode(shown, true);
  if (withheld !== null) withholdTexts(article, withheld);
  for (const details of article.querySelectorAll('details')) details.open = true;
  for (const control of article.querySelectorAll('button')) control.remove();
  for (const place of article.querySelectorAll('[tabindex]')) place.removeAttribute('tabindex');
  const styles = [...sheets].map((sheet) => keepRules(sheet.cssRules, article)).join('');
  // A closing tag within the JSON would end the script.
  const told = withheld === null ? report : { ...report, settings: { ...report.settings, probe: undefined } };
  const json = JSON.stringify(told).replaceAll('<', '\\u003c');
  return [
    '<!doctype html>',
    `<html lang="${language}" data-theme="light">`,
    '<head>',
    '<meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<title>${escapeText(report.experiment.name)}</title>`,
    `<style>${styles}${ownStyles}</style>`,
    '</head>',
    '<body>',
    `<main>${article.outerHTML}</main>`,
    `<script type="application/json" id="report">${json}</script>`,
    '</body>',
    '</html>',
    '',
  ].join('\n');
}

function withholdTexts(article: HTMLElement, notice: string): void {
  for (const section of article.querySelectorAll('[data-texts]')) {
    const said = document.createElement('p');
    said.textContent = notice;
    section.replaceChildren(said);
  }
}

function escapeText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}

/** Rules that some element of the report matches, and those of the page as a whole. */
function keepRules(rules: CSSRuleList, article: HTMLElement): string {
  return [...rules].map((rule) => keepRule(rule, article)).join('');
}

function keepRule(rule: CSSRule, article: HTMLElement): string {
  if (rule instanceof CSSStyleRule) return applies(rule.selectorText, article) ? rule.cssText : '';
  if (!(rule instanceof CSSGroupingRule)) return '';
  const kept = keepRules(rule.cssRules, article);
  // The prelude of a group, such as `@media print` or `@layer reset`, is what stands before its first brace.
  return kept === '' ? '' : `${rule.cssText.slice(0, rule.cssText.indexOf('{'))}{${kept}}`;
}

function applies(selector: string, article: HTMLElement): boolean {
  if (/^(:root|html|body|\*)/.test(selector)) return true;
  try {
    const plain = selector.replace(/::(before|after)/g, '');
    return article.matches(plain) || article.querySelector(plain) !== null;
  } catch {
    // A selector that only another browser knows applies to nothing here.
    return false;
  }
}
