import { readFile } from 'node:fs/promises';
import { buffer } from 'node:stream/consumers';
import { type CaptureNote, decodeCapture, type DecodedMessage } from '@rserpool/capture';
import { messageText } from '@rserpool/wire';
import { CommandError, ExitCode } from '../exit-code.ts';
import { defineCommand } from '../program/define-command.ts';
import { choice, flag, texts } from '../settings/setting.ts';

const protocols = [
  'asap',
  'enrp',
  'fractal',
  'ping-pong',
  'calcapp',
  'scripting',
  'component-status',
  'data',
] as const satisfies readonly DecodedMessage['protocol'][];

/** `rserpool decode`: prints the messages in a capture file. */
export const decodeCommand = defineCommand({
  name: 'decode',
  summary: 'print every ASAP, ENRP, session, service and status message of a capture file',
  arguments: [{ name: '<file>', description: 'pcapng or pcap file; - for standard input' }],
  settings: {
    protocol: choice('<protocol>', 'only messages of this protocol', protocols),
    type: texts('<type>', 'only messages of this type: registration, presence, cookie, pong, malformed, …'),
    profile: choice('<profile>', 'how the senders speak, where their messages do not tell', [
      'rfc',
      'rsplib',
    ]),
    json: flag('print one JSON object for each message'),
  },
  logLevel: 'warn',
  examples: [
    [
      'decode capture.pcapng',
      'one line for each message, over SCTP, SCTP in UDP, TCP framing or multicast UDP',
    ],
    ['decode capture.pcapng --protocol enrp --type handle-update', 'only changes of the handlespace'],
    ['decode capture.pcapng --json | jq .message', 'the messages as JSON'],
    ['decode - < capture.pcapng', 'reads standard input'],
  ],
  notes: [
    'JSON: time, frame, source, destination, transport, protocol, payloadProtocolId, type, and message or error.',
    'Bytes are hexadecimal, 64-bit numbers are texts, times without end are "infinity".',
  ],
  async run({ output, log, interruption }, settings, [file = '-']) {
    const notes: CaptureNote[] = [];
    const messages = decodeCapture(await readCapture(file), {
      ...(settings.profile === undefined ? {} : { profile: settings.profile }),
      onNote: (note) => {
        notes.push(note);
        log('warn', 'capture', { frame: note.frame, note: note.text });
      },
    });
    let count = 0;
    for (const message of messages) {
      count++;
      if (output.closed.aborted || interruption.signal.aborted) break;
      if (settings.protocol !== undefined && message.protocol !== settings.protocol) continue;
      if (settings.type.length > 0 && !settings.type.includes(message.type)) continue;
      if (settings.json) output.json(record(message));
      else output.line(line(message));
    }
    if (count === 0)
      throw new CommandError(ExitCode.failure, `${file}: no messages found${firstNote(notes)}`);
    return interruption.exitCode ?? ExitCode.ok;
  },
});

async function readCapture(file: string): Promise<Uint8Array> {
  try {
    return file === '-' ? await buffer(process.stdin) : await readFile(file);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new CommandError(ExitCode.failure, `cannot read ${file}: ${reason}`, { cause });
  }
}

function firstNote(notes: readonly CaptureNote[]): string {
  const [note] = notes;
  return note === undefined ? '' : `: ${note.text}`;
}

function line(message: DecodedMessage): string {
  const { time, source, destination, transport, protocol, type } = message;
  const content =
    message.message === undefined
      ? `${message.error.text} (at byte ${message.error.offset} of ${message.data.length})`
      : messageText(message.message);
  return `${time ?? '-'} ${source} > ${destination} ${transport} ${protocol} ${type} ${content}`.trimEnd();
}

function record(message: DecodedMessage): object {
  const { time, frame, source, destination, transport, protocol, payloadProtocolId, type } = message;
  const content = message.message === undefined ? { error: message.error } : { message: message.message };
  return {
    time: time ?? null,
    frame,
    source,
    destination,
    transport,
    protocol,
    payloadProtocolId,
    type,
    ...content,
  };
}
