import { isAbsolute, join } from 'node:path';
import { parseArgs } from 'node:util';

export interface StartOptions {
  readonly demo: boolean;
  readonly fresh: boolean;
  readonly report: string | null;
  readonly stateDir: string;
  /** Where changes are recorded. */
  readonly tickets: 'servicenow' | 'jira';
  readonly help: boolean;
}

export const USAGE = `Usage: npm start [-- options]

  --demo           run without a person: a scripted approver presses the buttons, then it ends
  --report <file>  with --demo: write the outcomes as JSON
  --fresh          throw away the state of the last run first
  --state <dir>    where state is kept (default .idlewise/start, .idlewise/demo with --demo)
  --tickets <name> where changes are recorded: servicenow (default) or jira
  --help           this text`;

/** A mistake in how the command was written. */
export class BadOption extends Error {}

/** @throws BadOption naming the option and the fix. */
export function readStartOptions(argv: readonly string[], cwd: string): StartOptions {
  const values = parse(argv);
  const demo = values.demo ?? false;
  if (values.report && !demo) throw new BadOption('--report only makes sense with --demo: add --demo, or leave it out');
  const absolute = (path: string) => (isAbsolute(path) ? path : join(cwd, path));
  return {
    demo,
    help: values.help ?? false,
    tickets: ticketSystem(values.tickets),
    // Outcomes are compared with what the estate was seeded to give: yesterday's half-finished runs would only confuse.
    fresh: values.fresh ?? demo,
    report: values.report ? absolute(values.report) : null,
    stateDir: absolute(values.state ?? (demo ? '.idlewise/demo' : '.idlewise/start')),
  };
}

function ticketSystem(name = 'servicenow'): StartOptions['tickets'] {
  if (name === 'servicenow' || name === 'jira') return name;
  throw new BadOption(`--tickets ${name} is unknown: take servicenow or jira`);
}

function parse(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      options: {
        demo: { type: 'boolean' },
        fresh: { type: 'boolean' },
        report: { type: 'string' },
        state: { type: 'string' },
        tickets: { type: 'string' },
        help: { type: 'boolean' },
      },
    }).values;
  } catch (error) {
    throw new BadOption((error as Error).message);
  }
}
