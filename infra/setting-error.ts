/** A setting that cannot be: the message is a sentence for the person who wrote it, and needs no stack trace. */
export class SettingError extends Error {}
