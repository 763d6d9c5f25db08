import { ask } from './en/ask.ts';
import { canvas } from './en/canvas.ts';
import { common } from './en/common.ts';
import { conversations } from './en/conversations.ts';
import { dataSets } from './en/data-sets.ts';
import { documents } from './en/documents.ts';
import { experiments } from './en/experiments.ts';
import { inspector } from './en/inspector.ts';
import { models } from './en/models.ts';
import { nodes } from './en/nodes.ts';
import { pages } from './en/pages.ts';
import { palette } from './en/palette.ts';
import { panel } from './en/panel.ts';
import { publish } from './en/publish.ts';
import { report } from './en/report.ts';
import { schedules } from './en/schedules.ts';
import { secrets } from './en/secrets.ts';
import { shell } from './en/shell.ts';
import { signIn } from './en/sign-in.ts';
import { training } from './en/training.ts';
import { tunedModels } from './en/tuned-models.ts';
import type { Texts } from './texts.ts';

export const english: Texts = {
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
