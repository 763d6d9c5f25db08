import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { ExperimentReport, ReportArm } from '../../api/experiments.ts';
import { ArmName } from './arm-mark.tsx';
import { findChosen, hasIntervals } from './read-report.ts';
import styles from './report.module.css';
import { useFitRows, useNewInformationRows, useResourceRows, useSpeedRows, useTrainingRows } from './table-rows.tsx';

export type TableRow = {
  readonly title: string;
  readonly hint?: string;
  readonly cell: (arm: ReportArm) => ReactNode;
};

/** The heart of the report: the comparison table of the field, each row measured on this team's data. */
export function ComparisonTable({ report }: { readonly report: ExperimentReport }) {
  const { t } = useTranslation();
  const chosen = findChosen(report);
  const fit = useFitRows(report);
  const groups = [
    { title: t('report.table.training'), hint: t('report.table.trainingHint'), rows: useTrainingRows(report) },
    {
      title: t('report.table.newInformation'),
      hint: t('report.table.newInformationHint'),
      rows: useNewInformationRows(report),
    },
    { title: t('report.table.resources'), hint: t('report.table.resourcesHint'), rows: useResourceRows(report) },
    { title: t('report.table.fit'), hint: fit.hint, rows: fit.rows },
    { title: t('report.table.speed'), hint: t('report.table.speedHint'), rows: useSpeedRows(report) },
  ];
  return (
    <section>
      <header className={styles.sectionHead}>
        <h2 id="five-rows">{t('report.table.title')}</h2>
        <p>{t(hasIntervals(report) ? 'report.table.hint' : 'report.table.hintPlain')}</p>
      </header>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keys */}
      <section className={styles.scroll} tabIndex={0} aria-labelledby="five-rows">
        <table className={styles.comparison}>
          <thead>
            <tr>
              <th scope="col">{t('report.table.aspect')}</th>
              <th scope="col">{t('report.table.measure')}</th>
              {report.arms.map((arm) => (
                <th key={arm.key} scope="col" data-chosen={arm.key === chosen || undefined}>
                  <ArmName arm={arm} />
                </th>
              ))}
            </tr>
          </thead>
          {groups.map(({ title, hint, rows }) => (
            <tbody key={title}>
              {rows.map((row, place) => (
                <tr key={row.title}>
                  {place === 0 && (
                    <th scope="rowgroup" rowSpan={rows.length} className={styles.aspect}>
                      {title}
                      <small>{hint}</small>
                    </th>
                  )}
                  <th scope="row">
                    {row.title}
                    {row.hint !== undefined && <small>{row.hint}</small>}
                  </th>
                  {report.arms.map((arm) => (
                    <td key={arm.key} data-chosen={arm.key === chosen || undefined}>
                      {row.cell(arm)}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          ))}
        </table>
      </section>
    </section>
  );
}
