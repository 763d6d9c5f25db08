import { ask } from './ja/ask.ts';
import { canvas } from './ja/canvas.ts';
import { common } from './ja/common.ts';
import { conversations } from './ja/conversations.ts';
import { dataSets } from './ja/data-sets.ts';
import { documents } from './ja/documents.ts';
import { experiments } from './ja/experiments.ts';
import { inspector } from './ja/inspector.ts';
import { models } from './ja/models.ts';
import { nodes } from './ja/nodes.ts';
import { pages } from './ja/pages.ts';
import { palette } from './ja/palette.ts';
import { panel } from './ja/panel.ts';
import { publish } from './ja/publish.ts';
import { report } from './ja/report.ts';
import { schedules } from './ja/schedules.ts';
import { secrets } from './ja/secrets.ts';
import { shell } from './ja/shell.ts';
import { signIn } from './ja/sign-in.ts';
import { training } from './ja/training.ts';
import { tunedModels } from './ja/tuned-models.ts';

/** The Japanese texts are the original: their keys are the keys. */
export const japanese = {
  ask,
  canvas,
  common,
  conversations,
  dataSets,
  documents,
  experiments,
  inspector,
  models,
  nodes,
  pages,
  palette,
  panel,
  publish,
  report,
  schedules,
  secrets,
  shell,
  signIn,
  training,
  tunedModels,
};

type Translated<T> = { readonly [Key in keyof T]: T[Key] extends string ? string : Translated<T[Key]> };

/** What every other language has to provide: the same keys, other strings. */
export type Texts = Translated<typeof japanese>;
