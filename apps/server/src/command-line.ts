import { Command, CommanderError, InvalidArgumentError } from 'commander';
import { chooseExitCode, exitCodes, ProblemError } from './command-line/failure.ts';
import { type Configuration, type Places, readConfiguration } from './configuration.ts';
import { describeProblem } from './http/problem.ts';
import { version } from './version.ts';

export type CommandLine = {
  readonly parameters: readonly string[];
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly places: Places;
};

/** What a command gets besides its own parameters. */
export type CommandContext = {
  readonly configuration: Configuration;
  readonly places: Places;
  /** One JSON object on stdout instead of lines for people. */
  readonly json: boolean;
};

/** Runs a command and sets the exit code of the process. Commands are loaded when they are asked for. */
export async function runCommandLine({ parameters, environment, places }: CommandLine): Promise<void> {
  const isJson = parameters.includes('--json');
  const program = new Command('kumiki').version(version).exitOverride().showHelpAfterError();
  program.description('A workbench for local language models: draw flows, build them, ask them, publish them.');

  const makeContext = (overrides: Record<string, string | undefined> = {}): CommandContext => ({
    configuration: readConfiguration({ KUMIKI_LOG_LEVEL: 'error', ...environment, ...dropUnset(overrides) }, places),
    places,
    json: isJson,
  });
  const addCommand = (name: string, description: string) =>
    program
      .command(name)
      .description(description)
      .option('--json', 'print one JSON object, and errors as problem details');

  addCommand('start', 'starts the server')
    .option('--port <port>', 'the port to listen on (KUMIKI_PORT)')
    .option('--host <address>', 'the address to listen on (KUMIKI_HOST)')
    .option('--without-models', 'skips the download of the embedded models')
    .option('--without-work', 'leaves queued runs to workers (kumiki worker)')
    .action(async ({ port, host, withoutModels, withoutWork }) => {
      const { startServer } = await import('./command-line/start.ts');
      const context = makeContext({
        KUMIKI_LOG_LEVEL: environment.KUMIKI_LOG_LEVEL ?? 'info',
        KUMIKI_PORT: port,
        KUMIKI_HOST: host,
      });
      await startServer(context, { fetchModels: withoutModels !== true, work: withoutWork !== true });
    });
  addCommand('worker', 'executes queued runs of a database server, beside other workers').action(async () => {
    const { startWorker } = await import('./command-line/worker.ts');
    await startWorker(makeContext({ KUMIKI_LOG_LEVEL: environment.KUMIKI_LOG_LEVEL ?? 'info' }));
  });
  addCommand('build', 'builds the flow of a file')
    .argument('<flow.json>')
    .action(async (path: string) => {
      const { buildFlowFile } = await import('./command-line/run.ts');
      await buildFlowFile(makeContext(), path);
    });
  addCommand('run', 'asks the flow of a file, and builds it first where that is needed')
    .argument('<flow.json>')
    .option('--input <name=value>', 'an input of the flow; may be given several times', readInput, {})
    .option('--output <name>', 'one output of the flow; all of them where it is left out')
    .action(async (path: string, { input, output }: { input: Record<string, string>; output?: string }) => {
      const { runFlowFile } = await import('./command-line/run.ts');
      await runFlowFile(makeContext(), path, { inputs: input, output });
    });
  addCommand('import', 'makes a new flow from a file, or from a folder that export has written')
    .argument('<flow.json or folder>')
    .action(async (path: string) => {
      const { importFlow } = await import('./command-line/transfer.ts');
      await importFlow(makeContext(), path);
    });
  addCommand('export', 'writes a flow and the collections that it names into a folder')
    .argument('<flow>', 'id or name of the flow')
    .option('--to <folder>', 'where to write; without it, the flow file goes to stdout')
    .action(async (flow: string, { to }: { to?: string }) => {
      const { exportFlow } = await import('./command-line/transfer.ts');
      await exportFlow(makeContext(), flow, to);
    });
  addCommand('doctor', 'checks whether everything that Kumiki needs is in order').action(async () => {
    const { examine } = await import('./command-line/doctor.ts');
    await examine(makeContext());
  });
  addCommand('sign-in', 'prints a new one-time sign-in link of the running server').action(async () => {
    const { printSignInLink } = await import('./command-line/sign-in.ts');
    await printSignInLink(makeContext());
  });

  try {
    await program.parseAsync(parameters, { from: 'user' });
  } catch (error) {
    reportFailure(error, isJson, environment);
  }
}

/** `name=value`; the value may contain anything. */
export function readInput(text: string, known: Record<string, string> = {}): Record<string, string> {
  const place = text.indexOf('=');
  if (place < 1) throw new InvalidArgumentError('Expected name=value.');
  return { ...known, [text.slice(0, place)]: text.slice(place + 1) };
}

function reportFailure(error: unknown, isJson: boolean, environment: CommandLine['environment']): void {
  if (error instanceof CommanderError) {
    process.exitCode = error.exitCode === 0 ? 0 : exitCodes.usage;
    return;
  }
  process.exitCode = chooseExitCode(error);
  const language = environment.LC_ALL || environment.LC_MESSAGES || environment.LANG;
  const problem = error instanceof ProblemError ? error.problem : describeProblem(error, language?.replace('_', '-'));
  if (isJson) process.stderr.write(`${JSON.stringify(problem)}\n`);
  else process.stderr.write(`${problem.detail}\n`);
  // What nobody expected is worth its stack to whoever reports it; a known problem says what to do instead.
  if (problem.code === 'internal' && error instanceof Error) process.stderr.write(`${error.stack}\n`);
}

function dropUnset(values: Record<string, string | undefined>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}
