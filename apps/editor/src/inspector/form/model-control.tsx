import { ModelPicker } from '../../models/model-picker.tsx';
import type { SettingControl } from './setting-control.ts';

/** One choice sets model and host. */
export function ModelControl({ field, id, value, settings, onChangeSeveral, invalid }: SettingControl<'model'>) {
  const { hostSetting, name, purpose } = field;
  const host = hostSetting === null ? undefined : settings[hostSetting];
  const chosen =
    typeof value === 'string' && value !== ''
      ? { model: value, host: typeof host === 'string' ? host : 'embedded' }
      : null;
  return (
    <ModelPicker
      id={id}
      purpose={purpose}
      chosen={chosen}
      invalid={invalid}
      onChoose={(choice) =>
        onChangeSeveral({ ...(hostSetting === null ? {} : { [hostSetting]: choice.host }), [name]: choice.model })
      }
    />
  );
}
