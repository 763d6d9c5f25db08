import { MantineProvider } from '@mantine/core';
import { cleanup, render, screen, within } from '@testing-library/react';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Estimate, ExperimentReport, ReportMetric } from '../../api/experiments.ts';
import { prepareEnvironment } from '../../testing/prepare-environment.ts';
import { sampleReport, sampleRows } from '../testing/sample-report.ts';
import { ReportView } from './report-view.tsx';
import { writeReportPage } from './save-report.ts';

beforeAll(prepareEnvironment);

const show = (changes: Partial<ExperimentReport> = {}) =>
  render(
    <MantineProvider>
      <ReportView report={{ ...sampleReport, ...changes }} rows={sampleRows} />
    </MantineProvider>,
  );

const tableOf = (title: string) => within(screen.getByRole('region', { name: title }));
const cellsOf = (title: string, row: string) =>
  within(
    tableOf(title)
      .getByRole('rowheader', { name: new RegExp(`^${row}`) })
      .closest('tr') ?? document.body,
  )
    .getAllByRole('cell')
    .map(({ textContent }) => textContent);

describe('the report of four arms', () => {
  // Nothing in it changes: to draw it once for each of these tests would take most of their time.
  beforeAll(() => {
    show();
  });
  afterAll(cleanup);

  test('the five respects stand in one table, an arm a column', () => {
    const table = tableOf('5 つの観点で比べる');
    for (const aspect of ['学習の必要', '新しい情報の追加', '資源', '分野への適合', '応答の速さ']) {
      expect(table.getByRole('rowheader', { name: new RegExp(`^${aspect}`) })).toBeTruthy();
    }
    expect(
      table
        .getAllByRole('columnheader')
        .map(({ textContent }) => textContent)
        .slice(2),
    ).toEqual(['元のモデル', 'RAG', '学習済み', '学習済み + RAG']);
    expect(cellsOf('5 つの観点で比べる', 'すべての質問')).toEqual([
      '31.0 [26.0, 36.0]',
      '68.0 [63.0, 73.0]',
      '52.0 [47.0, 57.0]',
      '72.0 [67.0, 77.0]',
    ]);
    expect(cellsOf('5 つの観点で比べる', '答え終わるまで')[1]).toBe('3.9 秒 (6.2 秒)');
  });

  test('what does not apply or was not measured says so, and is no number', () => {
    const faithfulness = cellsOf('すべての指標', '根拠への忠実さ');
    expect(faithfulness[0]).toBe('該当なし検索しない案');
    expect(faithfulness[1]).toBe('測っていない判定モデルを使っていない');
    expect(cellsOf('5 つの観点で比べる', '学習時間')).toEqual([
      '不要',
      '不要',
      expect.stringContaining('27 分'),
      expect.stringContaining('44 ステップ'),
    ]);
    expect(cellsOf('5 つの観点で比べる', '1 秒のトークン')[3]).toBe('測っていない');
    expect(cellsOf('5 つの観点で比べる', '最大メモリー')).toEqual(Array(4).fill('測っていない'));
  });

  test('new facts are told by how long they take and how many are known, or that there is no way in', () => {
    expect(cellsOf('5 つの観点で比べる', '反映までの時間')).toEqual([
      '反映する手段がない',
      '8.4 秒',
      '27 分学習し直しが必要',
      '測っていない',
    ]);
    expect(cellsOf('5 つの観点で比べる', '覚えた事実').slice(0, 3)).toEqual(['反映する手段がない', '5 / 5', '3 / 5']);
  });

  test('the recommendation stands with its reasons, what would change it, and what was not said', () => {
    expect(screen.getByRole('heading', { name: 'RAG を使う' })).toBeTruthy();
    for (const text of [
      '文字 F1 は元のモデルより 37 点 [31, 43] 高く、この差は確かです。',
      '元のモデルには、新しい事実を反映する手段がありません。',
      '事実が変わらないなら「学習済み + RAG」も候補になります。',
      '計算機の費用が書かれていません。',
      '54 問では、9.0 点より小さい差は見分けられません。5.0 点の差を見るには、約 400 問が必要です。',
      '同時に多数が使うときの速さ。1 問ずつ測っています。',
    ]) {
      expect(screen.getAllByText(text).length, text).toBeGreaterThan(0);
    }
  });

  test('each difference tells its interval and whether it is sure', () => {
    const row = (name: string) => screen.getAllByRole('rowheader', { name })[0]?.closest('tr')?.textContent;
    expect(row('RAG − 元のモデル')).toContain('+37.0 [31.0, 43.0]');
    expect(row('RAG − 元のモデル')).toContain('良い');
    expect(row('学習済み + RAG − RAG')).toContain('+4.0 [−1.0, 9.0]');
    expect(row('学習済み + RAG − RAG')).toContain('不確か');
  });

  test('answers stand side by side with the words of the reference marked, citations and the judge’s reasons', () => {
    const question = screen.getByText('来客用の入館証は何色ですか。').closest('details') ?? document.body;
    const columns = within(question).getAllByRole('article');
    expect(columns).toHaveLength(4);
    const marked = (place: number) =>
      [...(columns[place]?.querySelectorAll('ins') ?? [])].map(({ textContent }) => textContent);
    expect(marked(1).join('')).toContain('青色');
    expect(marked(2).join('')).not.toContain('赤色');
    expect(columns[1]?.textContent).toContain('入館証と駐車場');
    expect(columns[0]?.textContent).toContain('引用なし');
    expect(within(question).getByText('文書のとおりに答えている。')).toBeTruthy();
  });

  test('a failed answer says why, and a question without an answer is marked', () => {
    const question = screen.getByText(/社外の人だけで借りると/).closest('details') ?? document.body;
    expect(question.textContent).toContain('答えのない質問');
    expect(question.textContent).toContain('分からないと回答');
    expect(question.textContent).toContain('回答が途中で切れました。');
  });

  test('charts can be read without seeing them', () => {
    expect(screen.getByRole('img', { name: /RAG：3\.9、68\.0 \[63\.0, 73\.0\]/ })).toBeTruthy();
    expect(screen.getByText('費用を示すには、前提に計算機の費用を書いてください。')).toBeTruthy();
  });
});

describe('a report that differs', () => {
  afterEach(cleanup);

  test('without enough evidence it recommends nothing', () => {
    const { decision } = sampleReport;
    const headline = { ja: '証拠が足りません', en: 'Not enough evidence' };
    show({
      decision: { ...decision, outcome: { kind: 'not-enough-evidence', between: ['arm-2', 'arm-4'] }, headline },
    });
    expect(screen.getByRole('heading', { name: '証拠が足りません' })).toBeTruthy();
    expect(screen.queryByText('推奨')).toBeNull();
  });

  test('with too few clusters it shows no interval, says why, and speaks of none', () => {
    const interval = { kind: 'too-few-clusters', clusters: 9, needed: 15 } as const;
    const bare = (told: Estimate | null) => told && { ...told, interval };
    const { comparison } = sampleReport;
    const metrics = comparison.metrics.map((one) => ({
      ...one,
      arms: one.arms.map((arm) => ({ ...arm, own: bare(arm.own), common: bare(arm.common) })),
      differences: one.differences.map((difference) => ({ ...difference, interval, shown: false })),
    }));
    show({ comparison: { ...comparison, metrics } });
    expect(cellsOf('5 つの観点で比べる', 'すべての質問')[1]).toBe('68.0');
    expect(screen.getAllByText('区間なし（まとまり 9、15 以上が必要）').length).toBe(5);
    expect(screen.queryByText(/95% 区間/)).toBeNull();
  });

  test('a smaller value is the better one where the metric means it so', () => {
    const { comparison } = sampleReport;
    const lower = (of: ReportMetric) => ({ ...of, better: 'lower' as const });
    show({ metrics: sampleReport.metrics.map(lower), comparison });
    const row = screen.getAllByRole('rowheader', { name: '学習済み − RAG' })[0]?.closest('tr')?.textContent;
    expect(row).toContain('−16.0');
    expect(row).toContain('良い');
  });

  test('warnings, what was left out, and an early end are told', () => {
    show({ experiment: { ...sampleReport.experiment, state: 'cancelled', complete: false } });
    expect(screen.getByText('途中で終わった測定です。予定の 720 回答のうち 720 回答で計算しています。')).toBeTruthy();
    expect(screen.getByText(/よく似た質問が 3 問ありました/).textContent).toContain('学習済み · 学習済み + RAG');
    expect(screen.getByText(/学習した質問とよく似ています/).textContent).toContain('4, 17 行目 ほか');
  });

  test('as a file it stands by itself: all rows open, the report as JSON, nothing from elsewhere and nothing that runs', () => {
    const { container } = show();
    const shown = container.querySelector('article');
    if (shown === null) throw new Error('There is no report');
    const sheet = new CSSStyleSheet();
    sheet.insertRule('article { color: red }');
    sheet.insertRule('.not-here { color: blue }');
    const report = { ...sampleReport, experiment: { ...sampleReport.experiment, name: 'A </script> B' } };
    const page = writeReportPage(shown, { report, language: 'ja', sheets: [sheet], withheld: null });
    const read = new DOMParser().parseFromString(page, 'text/html');
    expect(read.querySelectorAll('details:not([open])')).toHaveLength(0);
    expect(read.querySelectorAll('details').length).toBeGreaterThan(1);
    expect(JSON.parse(read.querySelector('#report')?.textContent ?? '')).toEqual(report);
    expect(read.querySelectorAll('script:not([type="application/json"]), link, iframe, img[src]')).toHaveLength(0);
    expect(page).not.toMatch(/(src|href)="/);
    expect(page).toContain('article { color: red; }');
    expect(page).not.toContain('not-here');
    // It was not the page itself that was opened.
    expect(shown.querySelectorAll('details:not([open])').length).toBeGreaterThan(0);
  });

  test('as a file of figures only it tells nothing of what was asked and answered', () => {
    const { container } = show();
    const shown = container.querySelector('article');
    if (shown === null) throw new Error('There is no report');
    const probe = { documents: [{ name: 'new.md', text: '窓口は5階です。' }] };
    const report = { ...sampleReport, settings: { ...sampleReport.settings, probe } };
    const withTexts = writeReportPage(shown, { report, language: 'ja', sheets: [], withheld: null });
    const figures = writeReportPage(shown, { report, language: 'ja', sheets: [], withheld: '含まれていません。' });
    const texts = [...sampleRows.flatMap(({ question, references }) => [question, ...references]), '窓口は5階です。'];
    for (const text of texts) {
      expect(withTexts).toContain(text);
      expect(figures).not.toContain(text);
    }
    expect(figures).toContain('含まれていません。');
    expect(figures).toContain('5 つの観点で比べる');
    expect(sampleRows.length).toBeGreaterThan(0);
    expect(shown.textContent).toContain(sampleRows[0]?.question);
  });
});
