import type { PortValue } from '@kumiki/node-sdk';

type Outputs = Readonly<Record<string, PortValue | undefined>>;
type Model = { readonly host: string; readonly name: string; readonly digest: string };

/**
 * An artifact may hold the model that it was made with, on the host of that time. A model is its weights and not its
 * host, so where the very same model is wired today, the artifact is used with today's host: the other may be gone. A
 * tuned model goes where its base is.
 */
export function rebindModels(outputs: Outputs, wired: readonly (PortValue | undefined)[]): Outputs {
  const models = wired.filter(isModel);
  if (models.length === 0) return outputs;
  return Object.fromEntries(
    Object.entries(outputs).map(([port, value]) => {
      if (!isRecord(value)) return [port, value];
      const rebound = Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, rebind(inner, models)]));
      // Only host and name of a model have changed, so it is the value of the same kind.
      return [port, rebind(rebound, models) as PortValue];
    }),
  );
}

function rebind(value: unknown, models: readonly Model[]): unknown {
  if (!isModel(value)) return value;
  const same = models.find((model) => identityOf(model) === identityOf(value));
  return same === undefined ? value : { ...value, host: same.host, name: same.name };
}

/** Without a digest nobody can tell whether two models are one. */
function isModel(value: unknown): value is Model {
  return (
    isRecord(value) &&
    typeof value.host === 'string' &&
    typeof value.name === 'string' &&
    typeof value.digest === 'string'
  );
}

function identityOf(model: Model): string {
  const template = 'template' in model ? model.template : null;
  return JSON.stringify([model.digest, template]);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
