import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { commandTree } from '../src/completion/command-tree.ts';
import { completionScript } from '../src/completion/completion-script.ts';
import { buildProgram } from '../src/program/program.ts';

const tree = commandTree(buildProgram(() => undefined));

/** What bash offers for a line whose last word is being typed. */
function complete(...words: readonly string[]): readonly string[] {
  const script = `${completionScript('bash', tree)}
COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); COMPREPLY=(); _rserpool; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const printed = execFileSync('bash', ['-u', '-c', script, 'bash', ...words], { encoding: 'utf8' });
  return printed.split('\n').filter((word) => word !== '');
}

describe('bash', () => {
  test('completes commands', () => {
    expect(complete('rserpool', '')).toEqual([...tree.map((command) => command.name), '--help']);
    expect(complete('rserpool', 'comp')).toEqual(['completion']);
  });

  test('completes the options of a command', () => {
    for (const command of tree) {
      const names = command.options.map((option) => option.name);
      expect(complete('rserpool', command.name, '--')).toEqual(names);
      expect(names).toContain('--config');
      expect(names).toContain('--help');
    }
  });

  test('completes what an option or an operand may be', () => {
    expect(complete('rserpool', 'completion', '')).toEqual(expect.arrayContaining(['bash', 'zsh', 'fish']));
    expect(complete('rserpool', 'completion', '--log-level', '')).toEqual([
      'silent',
      'error',
      'warn',
      'info',
      'debug',
    ]);
    expect(complete('rserpool', 'completion', '--log-level', 'w')).toEqual(['warn']);
  });

  test('leaves file names to bash', () => {
    expect(complete('rserpool', 'completion', '--config', '')).toEqual([]);
    expect(completionScript('bash', tree)).toContain('complete -o default -F _rserpool rserpool');
  });
});

test('fish and zsh scripts name every command and option', () => {
  const [fish, zsh] = [completionScript('fish', tree), completionScript('zsh', tree)];
  for (const command of tree) {
    expect(fish).toContain(`-a ${command.name} `);
    for (const option of command.options) {
      expect(fish).toContain(` -l ${option.name.slice(2)} `);
      expect(zsh).toContain(option.name);
    }
  }
});

for (const shell of ['zsh', 'fish'] as const) {
  const installed = ['/bin', '/usr/bin', '/usr/local/bin'].some((folder) => existsSync(`${folder}/${shell}`));
  test.skipIf(!installed)(
    `${shell} accepts its script${installed ? '' : ' (skipped: not installed)'}`,
    () => {
      const script =
        shell === 'zsh'
          ? `compdef() { :; }\n${completionScript(shell, tree)}`
          : completionScript(shell, tree);
      expect(execFileSync(shell, ['-c', script], { encoding: 'utf8' })).toBe('');
    },
  );
}
