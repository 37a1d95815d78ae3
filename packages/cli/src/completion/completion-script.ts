import type { CompletionCommand, CompletionOption } from './command-tree.ts';

/** The shells that completion scripts can be made for. */
export const shells = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof shells)[number];

/** A completion script for a shell, made from the commands as they are. */
export function completionScript(shell: Shell, commands: readonly CompletionCommand[]): string {
  switch (shell) {
    case 'bash':
      return bashScript(commands);
    case 'zsh':
      // zsh runs bash's completions; one script less that could differ from the others.
      return `autoload -Uz bashcompinit && bashcompinit\n${bashScript(commands)}`;
    case 'fish':
      return fishScript(commands);
  }
}

function bashScript(commands: readonly CompletionCommand[]): string {
  return `# bash completion for rserpool: source it, or put it into /etc/bash_completion.d/
_rserpool() {
  local current="\${COMP_WORDS[COMP_CWORD]}" previous="\${COMP_WORDS[COMP_CWORD - 1]}" words=""
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=( $(compgen -W "${commands.map((command) => command.name).join(' ')} --help" -- "$current") )
    return
  fi
  case "\${COMP_WORDS[1]}:$previous" in
${commands.flatMap(bashOptionValues).join('\n')}
  esac
  case "\${COMP_WORDS[1]}" in
${commands.map((command) => `    ${command.name}) words="${bashWords(command)}" ;;`).join('\n')}
  esac
  COMPREPLY=( $(compgen -W "$words" -- "$current") )
}
complete -o default -F _rserpool rserpool
`;
}

function bashWords(command: CompletionCommand): string {
  return [...command.operands, ...command.options.map((option) => option.name)].join(' ');
}

function bashOptionValues(command: CompletionCommand): readonly string[] {
  return command.options
    .filter((option) => option.takesValue)
    .map((option) => `    ${command.name}:${option.name}) ${bashValue(option)}; return ;;`);
}

/** Where the value may be anything, nothing is offered, and `-o default` completes file names. */
function bashValue(option: CompletionOption): string {
  if (option.values.length === 0) return 'COMPREPLY=()';
  return `COMPREPLY=( $(compgen -W "${option.values.join(' ')}" -- "$current") )`;
}

function fishScript(commands: readonly CompletionCommand[]): string {
  const lines = ['# fish completion for rserpool: put it into ~/.config/fish/completions/rserpool.fish'];
  for (const command of commands) {
    lines.push(
      `complete -c rserpool -n __fish_use_subcommand -f -a ${command.name} -d ${quoted(command.summary)}`,
    );
    const condition = `-n ${quoted(`__fish_seen_subcommand_from ${command.name}`)}`;
    if (command.operands.length > 0)
      lines.push(`complete -c rserpool ${condition} -f -a ${quoted(command.operands.join(' '))}`);
    for (const option of command.options) {
      const value =
        option.values.length > 0
          ? ` -x -a ${quoted(option.values.join(' '))}`
          : option.takesValue
            ? ' -r'
            : '';
      lines.push(
        `complete -c rserpool ${condition} -l ${option.name.slice(2)}${value} -d ${quoted(option.summary)}`,
      );
    }
  }
  return `${lines.join('\n')}\n`;
}

function quoted(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}
