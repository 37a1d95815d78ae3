import { createInterface } from 'node:readline';
import { setTimeout } from 'node:timers/promises';
import { echoPool } from '@rserpool/services';
import { PoolUser, type Session } from 'rserpool';
import { idText, printable } from '@rserpool/wire';
import { ExitCode } from '../exit-code.ts';
import { type CommandContext, defineCommand } from '../program/define-command.ts';
import { requirePool } from '../require-pool.ts';
import { flag, integer, text, withDefault } from '../settings/setting.ts';
import { clientOptions, clientSettings } from '../settings/shared-settings.ts';

/** `rserpool terminal`: lines of standard input to a pool, its replies to standard output. */
export const terminalCommand = defineCommand({
  name: 'terminal',
  summary: 'send lines of standard input to a pool and print the replies',
  arguments: [],
  settings: {
    ...clientSettings,
    pool: withDefault(text('<handle>', 'pool handle'), echoPool),
    wait: withDefault(
      integer('<ms>', 'how long replies are waited for at the end of the input', { min: 0 }),
      2000,
    ),
    deadline: withDefault(integer('<ms>', 'give up after so long without any element', { min: 1 }), 30_000),
    json: flag('print one JSON object for each reply and each failover'),
  },
  logLevel: 'warn',
  examples: [
    ['terminal', 'what you type comes back from an element of EchoPool'],
    ['terminal --pool DaytimePool < /dev/null', 'prints what another service says'],
    ['terminal --tls-psk-file keys.txt --tls-psk-identity anna', 'over TLS, with one of the keys in a file'],
    ['terminal --registrar 10.1.1.1:3863 --json < lines.txt', 'one JSON object for each reply'],
  ],
  async run(context, settings) {
    const { log, interruption, output } = context;
    const signal = AbortSignal.any([interruption.signal, output.closed]);
    const user = new PoolUser({ log, ...clientOptions(settings, 'connects') });
    try {
      await requirePool(user, settings.pool, { deadline: settings.deadline, signal });
      const session = await user.openSession(settings.pool, {
        deadlineMs: settings.deadline,
        resend: true,
        signal,
      });
      const conversation = { session, sent: 0, received: 0, lastAtMs: performance.now() };
      reportFailovers(session, context, settings.json);
      const receiving = receive(conversation, context, settings.json);
      await Promise.race([sendLines(conversation), receiving]);
      await Promise.race([untilQuiet(conversation, settings.wait), receiving]);
      await session.close();
      await receiving;
      return ExitCode.ok;
    } finally {
      await user.close();
    }
  },
});

interface Conversation {
  readonly session: Session;
  sent: number;
  received: number;
  lastAtMs: number;
}

function reportFailovers(session: Session, { output, log }: CommandContext, json: boolean): void {
  session.on('failover', ({ from, to, reason, tookMs }) => {
    if (json)
      output.json({ event: 'failover', from: from.elementId, to: to.elementId, reason, durationMs: tookMs });
    else output.line(`(element ${idText(from.elementId)} ${reason}: goes on at ${idText(to.elementId)})`);
  });
  session.on('disconnect', ({ from, reason, notResent }) => {
    log('info', 'element left', { elementId: from.elementId, reason });
    for (const { data } of notResent) {
      const line = Buffer.from(data).toString('utf8');
      if (json) output.json({ event: 'not-sent-again', text: line });
      else output.line(`(every element fails on this line, so it is not sent again: ${printable(line)})`);
    }
  });
}

async function sendLines(conversation: Conversation): Promise<void> {
  for await (const line of createInterface({ input: process.stdin })) {
    if (line === '') continue; // there are no empty messages
    conversation.sent++;
    conversation.lastAtMs = performance.now();
    await conversation.session.send(line);
  }
}

async function receive(conversation: Conversation, { output }: CommandContext, json: boolean): Promise<void> {
  const { session } = conversation;
  for await (const message of session) {
    conversation.received++;
    conversation.lastAtMs = performance.now();
    const elementId = session.state.element?.elementId ?? 0;
    const reply = Buffer.from(message.data).toString('utf8');
    if (json)
      output.json({ event: 'reply', elementId, payloadProtocolId: message.payloadProtocolId, text: reply });
    else output.line(`[${idText(elementId)}] ${printable(reply)}`);
  }
}

/** Every line has a reply, or nothing has come for a while: other services answer more or less often than they are asked. */
async function untilQuiet(conversation: Conversation, waitMs: number): Promise<void> {
  const enough = (): boolean => conversation.sent > 0 && conversation.received >= conversation.sent;
  while (!enough() && performance.now() - conversation.lastAtMs < waitMs) await setTimeout(pollMs);
}

const pollMs = 20;
