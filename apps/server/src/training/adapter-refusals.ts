import type { LocalisedText } from '@kumiki/flow';
import { KumikiError } from '@kumiki/node-sdk';

const reasons = {
  zip: {
    en: 'The file is no ZIP file. Pack the PEFT folder into one and send it again.',
    ja: 'ZIP ファイルではありません。PEFT のフォルダーを ZIP にまとめて、もう一度送ってください。',
  },
  files: {
    en: 'The ZIP file lacks adapter_config.json or adapter_model.safetensors. Pack the whole PEFT folder; weights in other formats (.bin, .pt) are not taken, since they may carry code.',
    ja: 'ZIP ファイルに adapter_config.json または adapter_model.safetensors がありません。PEFT のフォルダー全体をまとめてください。ほかの形式（.bin、.pt）の重みは、プログラムを含むおそれがあるため使えません。',
  },
  configuration: {
    en: 'adapter_config.json does not describe a plain LoRA. DoRA, rsLoRA, ranks that differ between layers and modules that are saved whole are not served by every host, so they are not taken.',
    ja: 'adapter_config.json が通常の LoRA ではありません。DoRA、rsLoRA、層ごとに異なるランク、丸ごと保存したモジュールは、使えないホストがあるため受け付けていません。',
  },
  weights: {
    en: 'adapter_model.safetensors is damaged, or holds other tensors than those of a LoRA. Save the adapter again with PEFT.',
    ja: 'adapter_model.safetensors が壊れているか、LoRA 以外のテンソルが含まれています。PEFT でアダプターを保存し直してください。',
  },
} as const satisfies Readonly<Record<string, LocalisedText>>;

export function refuseAdapter(reason: keyof typeof reasons): KumikiError {
  return new KumikiError({ code: 'adapter-invalid', status: 422, message: reasons[reason] });
}

export function refuseLargeAdapter(mostBytes: number): KumikiError {
  const gigabytes = mostBytes / 2 ** 30;
  return new KumikiError({
    code: 'file-too-large',
    status: 413,
    message: {
      en: `The adapter is larger than ${gigabytes} GiB. Was the whole model packed by mistake?`,
      ja: `アダプターが ${gigabytes} GiB を超えています。モデル全体をまとめていないか確認してください。`,
    },
  });
}
