import { canvas } from './ja/canvas.ts';
import { common } from './ja/common.ts';
import { nodes } from './ja/nodes.ts';
import { palette } from './ja/palette.ts';
import { shell } from './ja/shell.ts';
import { signIn } from './ja/sign-in.ts';

/** The Japanese texts are the original: their keys are the keys. */
export const japanese = { canvas, common, nodes, palette, shell, signIn };

type Translated<T> = { readonly [Key in keyof T]: T[Key] extends string ? string : Translated<T[Key]> };

/** What every other language has to provide: the same keys, other strings. */
export type Texts = Translated<typeof japanese>;
