import { Command } from 'commander';
import { loadCommands } from './commands.ts';
import { type CliContext, createContext, type GlobalOptions } from './context.ts';

/** Runs a command with a context that is closed whatever happens; one clear line on failure. */
export type Run = (command: Command, work: (context: CliContext) => Promise<number | void>) => Promise<void>;

// Whoever reads has seen enough, as `| head` has: nothing is wrong.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit();
});

const program = new Command('idlewise')
  .description('Finds cloud assets that cost money and do no work, and gets the change made safely.')
  .option('-c, --config <file>', 'configuration file (default: IDLEWISE_CONFIG, else the one of `npm start`)')
  .option('--json', 'machine-readable output')
  .showHelpAfterError('(add --help for usage and examples)');

const run: Run = async (command, work) => {
  const context = createContext(command.optsWithGlobals<GlobalOptions>());
  try {
    process.exitCode = (await work(context)) ?? 0;
  } catch (error) {
    process.stderr.write(`idlewise ${command.name()}: ${(error as Error).message}\n`);
    process.exitCode = 2;
  } finally {
    await context.close();
  }
};

await loadCommands(program, run, process.argv.slice(2));
await program.parseAsync();
