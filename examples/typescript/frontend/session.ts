// Asks the backend for identity and token, and asks again before the token is dead.
import type { Session } from "../shared.js";

/** The backend no longer knows us: only a new login helps. */
export class LoggedOut extends Error {
  override name = "LoggedOut";
}

/**
 * A function that always has a live token. Make a new one at each login: what one user's function
 * remembers can then never reach the next user of the same browser.
 */
export function freshSession(): () => Promise<Session> {
  let held: { session: Session; renewAt: number } | undefined;
  let pending: Promise<Session> | undefined;

  const ask = async (): Promise<Session> => {
    const headers = { "content-type": "application/json" };
    const answer = await fetch("/session", { method: "POST", headers });
    if (answer.status === 401) throw new LoggedOut("log in again");
    if (!answer.ok) throw new Error(`the backend answered ${answer.status}`);
    const session: Session = await answer.json();
    // Only the difference of two times of the backend counts: this computer's clock may be wrong.
    const now = Date.parse(answer.headers.get("date") ?? "") || Date.now();
    // Renew with a fifth of the life left, so that no request ever carries a dying token.
    held = { session, renewAt: Date.now() + (session.expiresAt - now) * 0.8 };
    return session;
  };

  return async () => {
    if (held && Date.now() < held.renewAt) return held.session;
    // However many requests notice at once, one of them asks and all get its answer.
    return (pending ??= ask().finally(() => (pending = undefined)));
  };
}
