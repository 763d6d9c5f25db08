import type { Configuration } from './configuration.ts';
import type { App } from './http/environment.ts';
import type { Workbench } from './workbench.ts';

/**
 * Opens the data folder and makes the application on it. The database opens while the code of the routes is loaded: each
 * takes about as long. Whoever opens it closes the workbench. Throws what `openStore` throws.
 */
export async function openProgram(
  configuration: Configuration,
): Promise<{ readonly workbench: Workbench; readonly application: App }> {
  const { dataFolder, databaseUrl } = configuration;
  const opening = import('@kumiki/store/open').then(({ openStore }) =>
    openStore(databaseUrl === null ? { dataFolder } : { databaseUrl }),
  );
  // Told below, by whoever needs it.
  opening.catch(() => {});
  const [{ openWorkbench }, { createApplication }] = await Promise.all([
    import('./workbench.ts'),
    import('./application.ts'),
  ]);
  const workbench = await openWorkbench(configuration, await opening);
  try {
    return { workbench, application: createApplication(workbench) };
  } catch (error) {
    await workbench.close();
    throw error;
  }
}
