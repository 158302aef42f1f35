/** For a POSIX shell. Plain words stay readable; anything else is single-quoted, so no character has a meaning. */
export function shellQuote(text: string): string {
  if (/^[A-Za-z0-9_.:/@%+,-]+$/.test(text) && !text.startsWith('-')) return text;
  return `'${text.replaceAll('\0', '').replaceAll("'", `'\\''`)}'`;
}

/** One command of a tool, e.g. `az vm deallocate …`. Words are quoted, options are not. */
export function command(tool: string, group: string, args: readonly string[]): string {
  return [tool, group, ...args.map((a) => (a.startsWith('--') ? a : shellQuote(a)))].join(' ');
}

/** One `aws` command. */
export function awsCommand(service: string, operation: string, args: readonly string[]): string {
  return command('aws', service, [operation, ...args]);
}

export function sequence(commands: readonly string[]): string {
  return commands.join(' && \\\n  ');
}

/** An HCL string literal: no interpolation, no template directive, no line break survives. */
export function hclString(text: string): string {
  const escaped = text
    .replaceAll('\\', '\\\\')
    .replaceAll('"', '\\"')
    .replaceAll('\n', '\\n')
    .replaceAll('\r', '\\r')
    .replaceAll('\t', '\\t')
    .replaceAll('${', () => '$${')
    .replaceAll('%{', '%%{');
  return `"${escaped}"`;
}

/** A Terraform label from an id: letters, digits and underscores, never starting with a digit. */
export function hclLabel(id: string): string {
  return `idlewise_${
    id
      .split('/')
      .pop()
      ?.replace(/[^A-Za-z0-9]/g, '_') ?? 'asset'
  }`;
}
