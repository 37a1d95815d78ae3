import type { Message } from '@rserpool/core';

/** What an association has sent and its peer has not acknowledged. */
export class SendBuffer {
  /** By their number in the order of sending; those before `#first` are acknowledged, and so are the gaps. */
  #messages: (Message | undefined)[] = [];
  #firstNumber = 0;
  #head = 0;
  #bytes = 0;

  get bytes(): number {
    return this.#bytes;
  }

  /** Oldest first. */
  get messages(): Message[] {
    return this.#messages.slice(this.#head).filter((message) => message !== undefined);
  }

  add(message: Message): void {
    this.#messages.push(message);
    this.#bytes += message.data.length;
  }

  /** @param count so many from the beginning; `ahead`: the numbers of others, from 0 */
  acknowledge(count: number, ahead: readonly number[]): void {
    for (const number of ahead) this.#remove(number - this.#firstNumber);
    const end = Math.min(count - this.#firstNumber, this.#messages.length);
    for (; this.#head < end; this.#head++) this.#remove(this.#head);
    if (this.#head < 64 || 2 * this.#head < this.#messages.length) return;
    this.#messages = this.#messages.slice(this.#head);
    this.#firstNumber += this.#head;
    this.#head = 0;
  }

  #remove(index: number): void {
    this.#bytes -= this.#messages[index]?.data.length ?? 0;
    if (index in this.#messages) this.#messages[index] = undefined;
  }
}
