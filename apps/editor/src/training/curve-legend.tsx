/** Which line of a chart of losses is which: that of training, and that of evaluation with its points. */
export function CurveLegend(props: {
  readonly className: string | undefined;
  readonly loss: string;
  readonly evaluation: string;
}) {
  return (
    <p className={props.className}>
      <span>
        <svg width="16" height="8" aria-hidden="true">
          <path d="M0 4H16" stroke="var(--curve-loss)" strokeWidth="1.5" />
        </svg>
        {props.loss}
      </span>
      <span>
        <svg width="16" height="8" aria-hidden="true">
          <path d="M0 4H16" stroke="var(--curve-evaluation)" strokeWidth="1.5" />
          <circle cx="8" cy="4" r="3" fill="var(--curve-evaluation)" />
        </svg>
        {props.evaluation}
      </span>
    </p>
  );
}
