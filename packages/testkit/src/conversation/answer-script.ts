import type { ScriptedAnswer, ScriptedMessage } from './scripted-message.ts';

/** What one peer or client answers, while it lives. */
export class AnswerScript {
  readonly #answers: readonly ScriptedAnswer[];
  readonly #given = new Map<ScriptedAnswer, number>();

  constructor(answers: readonly ScriptedAnswer[]) {
    this.#answers = answers;
  }

  /** Answers with a limit first; when they are used up, those without. */
  to(type: ScriptedAnswer['to']): ScriptedMessage[] {
    const fitting = this.#answers.filter((answer) => answer.to === type);
    const limited = fitting.find(
      (answer) => (this.#given.get(answer) ?? 0) < answer.times && answer.times < Infinity,
    );
    if (limited === undefined) {
      return fitting.filter(({ times }) => times === Infinity).map(({ message }) => message);
    }
    this.#given.set(limited, (this.#given.get(limited) ?? 0) + 1);
    return [limited.message];
  }
}
