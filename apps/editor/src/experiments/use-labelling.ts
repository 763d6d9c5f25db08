import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useRef, useState } from 'react';
import { type LabelPair, labelPairsQuery, putLabel, type Verdict } from '../api/experiments.ts';
import { reportError } from '../shell/notices.ts';

type Labelled = { readonly pair: LabelPair; readonly verdict: Verdict };

/**
 * Goes from one pair to the next as soon as a verdict is given; it is kept meanwhile. What could not be kept is told, and
 * its pair comes again. Pairs are read a page at a time: what was judged since is left out of the next one.
 */
export function useLabelling(experiment: string) {
  const queries = useQueryClient();
  const query = labelPairsQuery(experiment);
  const { data, isFetching } = useQuery(query);
  const [done, setDone] = useState<readonly Labelled[]>([]);
  const [reopened, setReopened] = useState<LabelPair | null>(null);
  const judged = new Set(done.map(({ pair }) => pair.pair));
  const waiting = data?.items.filter(({ pair }) => !judged.has(pair)) ?? [];
  const pair = reopened ?? waiting[0] ?? null;

  /** One after the other: a verdict that is taken back and given anew must not overtake itself. */
  const kept = useRef<Promise<unknown>>(Promise.resolve());
  const keep = useCallback(
    (number: number, verdict: Verdict | null) => {
      const keeping = kept.current.then(() => putLabel(experiment, number, verdict));
      kept.current = keeping.catch(() => undefined);
      // The report shows how far people agree with the judge; it may be open again before the last verdict is kept.
      return keeping.then(() => queries.invalidateQueries({ queryKey: ['experiments', experiment, 'report'] }));
    },
    [experiment, queries],
  );
  const judge = useCallback(
    (verdict: Verdict) => {
      if (pair === null) return;
      setReopened(null);
      setDone((before) => [...before.filter((one) => one.pair.pair !== pair.pair), { pair, verdict }]);
      keep(pair.pair, verdict).catch((error) => {
        reportError(error);
        setDone((before) => before.filter((one) => one.pair.pair !== pair.pair));
      });
    },
    [keep, pair],
  );
  const last = done.at(-1);
  const undo = useCallback(() => {
    if (last === undefined) return;
    setDone((before) => before.slice(0, -1));
    setReopened({ ...last.pair, verdict: last.verdict });
    keep(last.pair.pair, null).catch(reportError);
  }, [keep, last]);

  // The counts of the page are of when it was read.
  const known = new Set(data?.items.map((one) => one.pair));
  const labelled = data === undefined ? 0 : data.labelled + done.filter((one) => known.has(one.pair.pair)).length;
  const isPageDone = data !== undefined && pair === null && labelled < data.total;
  useEffect(() => {
    if (isPageDone && !isFetching) void queries.invalidateQueries({ queryKey: query.queryKey });
  }, [isPageDone, isFetching, queries, query.queryKey]);
  return { pair, labelled, total: data?.total ?? null, canUndo: last !== undefined, judge, undo };
}
