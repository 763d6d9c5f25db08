import type { LocalisedText } from '@kumiki/flow';
import { KumikiError } from '@kumiki/node-sdk';

const baseDamaged = {
  code: 'base-damaged',
  message: {
    en: 'The base model cannot be loaded: its file is damaged, or of a kind that cannot be trained. Delete the model’s file so that it is fetched again, or choose another model.',
    ja: 'ベースモデルを読み込めません。ファイルが壊れているか、学習に使えない形式です。モデルのファイルを削除して取得し直すか、別のモデルを選んでください。',
  },
} as const;

/** What the trainer's own names of failures mean to people; see its README. */
const failures: Readonly<Record<string, { readonly code: string; readonly message: LocalisedText }>> = {
  'base-damaged': baseDamaged,
  'chat-template-missing': {
    code: 'chat-template-missing',
    message: {
      en: 'The base model has no chat template, so nobody knows how conversations are put to it. Choose a model that was made for chatting (often called “instruct” or “chat”).',
      ja: 'ベースモデルにチャットテンプレートがないため、会話をどう渡すかが分かりません。対話用のモデル（名前に「instruct」や「chat」が付くもの）を選んでください。',
    },
  },
  'out-of-memory': {
    code: 'training-out-of-memory',
    message: {
      en: 'The memory did not suffice for the training. Lower the longest example or the rank, choose a smaller model, or stop other programs that use memory, such as model hosts. The training goes on from its last checkpoint.',
      ja: '学習中にメモリーが不足しました。教材の最大長かランクを下げる、小さなモデルを選ぶ、モデルホストなどメモリーを使うほかのプログラムを止める、のいずれかをお試しください。再開すると、最後のチェックポイントから続きます。',
    },
  },
  diverged: {
    code: 'training-diverged',
    message: {
      en: 'The training got out of hand: its loss is no longer a number. Lower the learning rate (to a third, say), and look for broken examples in the data set.',
      ja: '学習が発散しました（損失が数値でなくなりました）。学習率を 3 分の 1 程度に下げ、教材に壊れた例がないかを確認してください。',
    },
  },
  'disk-full': {
    code: 'disk-full',
    message: {
      en: 'The disk is full, so the training could not keep its checkpoint. Free some space and build again: it goes on from the last whole checkpoint.',
      ja: 'ディスクの空きがなく、チェックポイントを保存できませんでした。空きを確保してから、もう一度構築してください。最後の完全なチェックポイントから続きます。',
    },
  },
  'data-empty': {
    code: 'training-data-empty',
    message: {
      en: 'No example of the data set can be learnt from: all were too long, without an answer to learn, or in a broken order of roles. See what was left out and why, and raise the longest example or repair the data.',
      ja: '学習に使える例が教材にありません。長すぎる、学ぶべき回答がない、話者の順序が正しくない、のいずれかです。除外された例とその理由を確認し、最大長を上げるか教材を直してください。',
    },
  },
  'device-missing': {
    code: 'training-unavailable',
    message: {
      en: 'The settings ask for what this machine does not have, such as a 4-bit base without an NVIDIA GPU. Choose the precision “automatic” and no quantisation.',
      ja: 'このマシンにない機能が設定で指定されています（NVIDIA の GPU がないのに 4 ビットを選んでいるなど）。精度を「自動」に、量子化を「なし」にしてください。',
    },
  },
};

/** By exit code. Of a training on several devices only the name is known, since their starter has codes of its own. */
const namesByExitCode: Readonly<Record<number, string>> = {
  3: 'base-damaged',
  4: 'chat-template-missing',
  5: 'out-of-memory',
  6: 'diverged',
  7: 'disk-full',
  8: 'data-empty',
  9: 'device-missing',
  10: 'parent-gone',
};

export type TrainerFailure = {
  /** Null where a signal ended it. */
  readonly exitCode: number | null;
  /** As its error event says, where it said one. */
  readonly name: string | null;
  /** For the log only. */
  readonly said: string;
};

/** What a trainer's end other than 0 becomes. */
export function describeTrainerFailure({ exitCode: code, name, said }: TrainerFailure): KumikiError {
  const cause = new Error(`the trainer ended with ${code === null ? 'a signal' : `code ${code}`}: ${said.trim()}`);
  const named = name ?? (code === null ? null : (namesByExitCode[code] ?? null));
  const known = named === null ? undefined : failures[named];
  if (known !== undefined) return new KumikiError({ ...known, status: 422, cause });
  // The trainer took this process for gone: it was frozen, or too busy to show itself. What is there is gone on from.
  if (named === 'parent-gone') {
    return new KumikiError({ ...trainingInterrupted, status: 503, retryable: true, cause });
  }
  // The system's own way to end whoever takes too much.
  if (code === null || code === 137) return new KumikiError({ ...trainingKilled, status: 500, cause });
  return new KumikiError({
    code: 'training-failed',
    status: 500,
    message: {
      en: 'The training ended with an error. The log of the server has the details. Build again to go on from the last checkpoint.',
      ja: '学習がエラーで終わりました。詳しくはサーバーのログを確認してください。もう一度構築すると、最後のチェックポイントから続きます。',
    },
    cause,
  });
}

const trainingInterrupted = {
  code: 'training-interrupted',
  message: {
    en: 'The training was interrupted, because the server did not show itself to the trainer for a while. Build again: it goes on from the last checkpoint.',
    ja: 'サーバーの応答がしばらく途絶えたため、学習が中断されました。もう一度構築すると、最後のチェックポイントから続きます。',
  },
} as const;

const trainingKilled = {
  code: 'training-out-of-memory',
  message: {
    en: 'The trainer was ended from outside, most often because the memory of the machine ran out. Stop other programs, choose a smaller model or shorter examples, and build again: it goes on from the last checkpoint.',
    ja: '学習プログラムが外部から終了させられました。多くの場合、マシンのメモリー不足が原因です。ほかのプログラムを止めるか、モデルを小さく、または教材を短くして、もう一度構築してください。最後のチェックポイントから続きます。',
  },
} as const;

/** What lies there is no model, or one of a kind that nobody here knows. */
export function baseUnreadable(cause: unknown): KumikiError {
  const { code, message } = baseDamaged;
  return new KumikiError({ code, message, status: 422, cause });
}

export function programMissing(): KumikiError {
  return new KumikiError({
    code: 'training-unavailable',
    status: 501,
    message: {
      en: 'The trainer is missing from this installation (apps/trainer). Install Kumiki anew.',
      ja: 'この環境には学習プログラム（apps/trainer）がありません。Kumiki をインストールし直してください。',
    },
  });
}

export function pythonMissing(said: string): KumikiError {
  return new KumikiError({
    code: 'training-unavailable',
    status: 501,
    message: {
      en: 'Training needs Python 3.11 or newer, which this machine does not have. Install it (Debian and Ubuntu: apt-get install python3 python3-venv; macOS: brew install python), or install uv, and build again.',
      ja: '学習には Python 3.11 以降が必要ですが、このマシンに見つかりません。インストールするか（Debian・Ubuntu：apt-get install python3 python3-venv、macOS：brew install python）、uv を入れてから、もう一度構築してください。',
    },
    ...(said === '' ? {} : { cause: new Error(said) }),
  });
}

export function installFailed(said: string): KumikiError {
  return new KumikiError({
    code: 'training-unavailable',
    status: 503,
    message: {
      en: 'The trainer could not be installed: its Python packages did not arrive. Check the network, the proxy, that the machine has Python 3.11 or newer, and the free disk space (6 GB), and build again; what has arrived is kept.',
      ja: '学習プログラムをインストールできませんでした。Python のパッケージを取得できていません。ネットワーク、プロキシー、Python 3.11 以降があるか、ディスクの空き（6 GB）を確認して、もう一度構築してください。取得済みのものはそのまま使われます。',
    },
    cause: new Error(said.trim()),
  });
}

export function protocolBroken(detail: string): KumikiError {
  return new KumikiError({
    code: 'training-failed',
    status: 500,
    message: {
      en: 'The trainer said something that Kumiki does not understand. They are of different versions: install Kumiki anew.',
      ja: '学習プログラムの出力を読み取れませんでした。Kumiki とバージョンが合っていません。Kumiki をインストールし直してください。',
    },
    cause: new Error(detail),
  });
}
