import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { z } from 'zod';
import { tunedModelOfQuery } from '../api/tuned-models.ts';
import { formatTime } from '../i18n/format.ts';
import { modelSchema } from '../inspector/samples/read-sample.ts';
import type { NodeRun } from '../run/run-state.ts';
import { recallTraining } from '../run/training-run.ts';
import { useAppearance } from '../theme/appearance.ts';
import { TrainingSection } from './training-section.tsx';

/** Of a node whose model was found again: the training that it came of, from the model's card. */
export function PastTraining({ node, run }: { readonly node: string; readonly run: NodeRun }) {
  const digest = readAdapterDigest(run);
  if (digest === null) return null;
  return <RecalledTraining node={node} run={run} digest={digest} />;
}

function RecalledTraining({ node, run, digest }: Parameters<typeof PastTraining>[0] & { readonly digest: string }) {
  const { t } = useTranslation();
  const language = useAppearance((appearance) => appearance.language);
  const { data: model } = useQuery(tunedModelOfQuery(digest));
  const training = model == null ? null : recallTraining(model.card);
  if (model == null || training === null) return null;
  return (
    <TrainingSection
      node={node}
      run={run}
      training={training}
      note={
        <>
          {t('training.past', { time: formatTime(model.createdAt, language) })}{' '}
          <Link to="/tuned-models/$modelId" params={{ modelId: model.id }}>
            {t('training.card')}
          </Link>
        </>
      }
    />
  );
}

const tunedSchema = z.tuple([modelSchema.extend({ adapter: z.object({ digest: z.string() }) })]);

function readAdapterDigest({ sample }: NodeRun): string | null {
  return tunedSchema.safeParse(sample.model).data?.[0].adapter.digest ?? null;
}
