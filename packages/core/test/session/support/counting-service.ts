import type { RandomStream, VirtualHost } from '@rserpool/testkit';
import type { Service, ServedRecorder } from './served-recorder.ts';

/**
 * Counts the questions of a session that it has answered, and sends the count as state after each answer. It takes its time,
 * now and then rejects a session, and now and then hands one over.
 */
export function countingService(host: () => VirtualHost, random: RandomStream): Service {
  const counts = new Map<ServedRecorder, number>();
  const chance = (probability: number): boolean => random.nextBetween(0, 1) < probability;

  function answer(served: ServedRecorder, question: string): void {
    const count = (counts.get(served) ?? 0) + 1;
    counts.set(served, count);
    served.reply(`answer ${question} ${count}`);
    served.sendCookie(String(count));
    if (chance(0.02)) served.session.handOver(new TextEncoder().encode(String(count)));
  }

  return {
    onAccept: (served) => {
      if (chance(0.1)) served.session.reject();
    },
    onState: (served, state) => {
      counts.set(served, Number(state));
    },
    onMessage: (served, text) => {
      const question = text.replace('question ', '');
      if (chance(0.5)) answer(served, question);
      else host().setTimer(random.nextBetween(0, 50), () => answer(served, question));
    },
  };
}
