import { canvas } from './en/canvas.ts';
import { common } from './en/common.ts';
import { nodes } from './en/nodes.ts';
import { palette } from './en/palette.ts';
import { shell } from './en/shell.ts';
import { signIn } from './en/sign-in.ts';
import type { Texts } from './texts.ts';

export const english: Texts = { canvas, common, nodes, palette, shell, signIn };
