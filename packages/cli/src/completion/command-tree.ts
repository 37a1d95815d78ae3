import type { Command, Option } from 'commander';

/** What completion needs to know of a command. */
export interface CompletionCommand {
  readonly name: string;
  readonly summary: string;
  readonly options: readonly CompletionOption[];
  /** What its first operand may be; empty for anything, which is completed as a file name. */
  readonly operands: readonly string[];
}

export interface CompletionOption {
  /** With its dashes. */
  readonly name: string;
  readonly summary: string;
  readonly takesValue: boolean;
  /** What its value may be; empty for anything. */
  readonly values: readonly string[];
}

/** The commands of a program with their options, as the completion scripts need them. */
export function commandTree(program: Command): readonly CompletionCommand[] {
  return program.commands.map((command) => ({
    name: command.name(),
    summary: command.description(),
    options: [...command.options.map(optionOf), helpOption],
    operands: command.registeredArguments[0]?.argChoices ?? [],
  }));
}

const helpOption: CompletionOption = {
  name: '--help',
  summary: 'options and examples',
  takesValue: false,
  values: [],
};

function optionOf(option: Option): CompletionOption {
  return {
    name: option.long ?? option.flags,
    summary: option.description,
    takesValue: option.required || option.optional,
    values: option.argChoices ?? [],
  };
}
