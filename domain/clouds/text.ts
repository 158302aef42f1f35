/** For a POSIX shell. Plain words stay readable; anything else is single-quoted, so no character has a meaning. */
export function shellQuote(text: string): string {
  if (/^[A-Za-z0-9_.:/@%+,-]+$/.test(text) && !text.startsWith('-')) return text;
  return `'${text.replaceAll('\0', '').replaceAll("'", `'\\''`)}'`;
}

/** One `aws` command. Words are quoted; `lines` of a sequence are joined so that the first failure stops it. */
export function awsCommand(service: string, operation: string, args: readonly string[]): string {
  return ['aws', service, operation, ...args.map((a) => (a.startsWith('--') ? a : shellQuote(a)))].join(' ');
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
