/** A request of the person who debugs that cannot be done; the message is for them, and the session goes on. */
export class DebugError extends Error {
  override name = 'DebugError';
}
