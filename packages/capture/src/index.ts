export * from './capture-limits.ts';
export type { CaptureNote } from './capture-note.ts';
export * from './captured-message.ts';
export * from './decode-capture.ts';
export * from './payload-protocol.ts';
export * from './read-messages.ts';
