import type { Service } from './served-recorder.ts';

/** Answers each message. */
export const echo: Service = {
  onMessage: (served, text) => {
    served.reply(`re ${text}`);
  },
};

/** Answers each message, then sends it as the state. */
export const remembering: Service = {
  onMessage: (served, text) => {
    served.reply(`re ${text}`);
    served.sendCookie(text);
  },
};

/** Wants no sessions. */
export const rejecting: Service = {
  onAccept: (served) => {
    served.session.reject();
  },
};
