// The developer's backend: its own login, its own session, and one call that vouches for a user.
// It never sees AWS credentials of a user, and the browser never sees those of the backend.
import { randomBytes } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Config, Session } from "../shared.js";
import { check } from "./users.js";

/** Buys identity and token for a user id; backend/v2.ts and backend/v3.ts each make one. */
export type Mint = (userId: string) => Promise<Pick<Session, "identityId" | "token">>;
/** What the page is made of: path -> content type and body. */
export type Assets = Map<string, { type: string; body: string | Uint8Array }>;

const SESSION_MILLISECONDS = 12 * 3600 * 1000;
const BODY_CHARACTERS_MAX = 4096;

export function server(config: Config, assets: Assets, mint: Mint, tokenSeconds: number): Server {
  // The session lives here and the cookie is a mere number, so a logout is final. (One process
  // only: with several, keep this table where they all can read it.)
  const sessions = new Map<string, { userId: string; endsAt: number }>();

  const routes: Record<string, (q: IncomingMessage, a: ServerResponse) => Promise<void>> = {
    "POST /login": async (request, response) => {
      const login = await body(request);
      if (!login) return json(response, 400, { error: "not a login" });
      const userId = check(login);
      if (!userId) return json(response, 401, { error: "unknown user, device or password" });
      for (const [id, { endsAt }] of sessions) if (endsAt < Date.now()) sessions.delete(id);
      // A fresh id at every login: one that was planted before the login is worth nothing.
      const id = randomBytes(32).toString("base64url");
      sessions.set(id, { userId, endsAt: Date.now() + SESSION_MILLISECONDS });
      // HttpOnly: no script can read it. SameSite=Strict: no other site can use it. Behind TLS
      // (anywhere but on localhost) add `; Secure`.
      response.setHeader("set-cookie", `session=${id}; HttpOnly; SameSite=Strict; Path=/`);
      json(response, 200, { userId });
    },
    "POST /session": async (request, response) => {
      const session = sessions.get(cookie(request));
      if (!session || session.endsAt < Date.now()) {
        return json(response, 401, { error: "not logged in" });
      }
      // The user id comes from our session and never from the request: whoever may name the
      // user id here may be anyone. The clock is read first and in whole seconds, as in tokens:
      // `expiresAt` may be a little early, but never late.
      const expiresAt = (Math.floor(Date.now() / 1000) + tokenSeconds) * 1000;
      const answer: Session = { ...(await mint(session.userId)), expiresAt };
      json(response, 200, answer);
    },
    "POST /logout": async (request, response) => {
      sessions.delete(cookie(request));
      response.setHeader("set-cookie", "session=; HttpOnly; SameSite=Strict; Path=/; Max-Age=0");
      json(response, 200, {});
    },
    "GET /config.json": async (_, response) => json(response, 200, config),
  };

  // The page may talk to us and to the service, and to nobody else.
  const service = config.endpoint ?? "https://*.amazonaws.com";
  const policy = `default-src 'self'; connect-src 'self' ${service}`;

  return createServer(async (request, response) => {
    const { pathname } = new URL(request.url ?? "/", "http://localhost");
    const asset = request.method === "GET" ? assets.get(pathname) : undefined;
    const route = routes[`${request.method} ${pathname}`];
    // A form on another site can post here, but not as JSON. (Otherwise it could log a visitor in
    // as its own user, and receive the files that the visitor uploads.)
    const foreign =
      request.method === "POST" && request.headers["content-type"] !== "application/json";
    response.setHeader("cache-control", "no-store"); // Tokens must not lie in a cache.
    response.setHeader("content-security-policy", policy);
    try {
      if (asset) response.setHeader("content-type", asset.type).end(asset.body);
      else if (foreign) json(response, 415, { error: "only JSON is taken here" });
      else if (route) await route(request, response);
      else json(response, 404, { error: "no such page" });
    } catch (error) {
      // The log gets the cause; the browser, which may be anyone's, gets only that it failed.
      console.error(`${request.method} ${pathname} failed: ${error}`);
      json(response, 502, { error: "the backend could not do this, its log says why" });
    }
  });
}

function json(response: ServerResponse, status: number, answer: object): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(answer));
}

function cookie(request: IncomingMessage): string {
  return /(?:^|; )session=([\w-]+)/.exec(request.headers.cookie ?? "")?.[1] ?? "";
}

/** The request's JSON object, or nothing when it is none or too large. */
async function body(request: IncomingMessage): Promise<Record<string, unknown> | undefined> {
  let text = "";
  for await (const chunk of request) if (text.length <= BODY_CHARACTERS_MAX) text += chunk;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}
