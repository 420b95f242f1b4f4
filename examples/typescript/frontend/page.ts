// The page: login, upload, listing, a refused request, logout. It knows no SDK; frontend/v2.ts
// and frontend/v3.ts each hand it a `Cloud`.
import type { Config, Session } from "../shared.js";
import { freshSession, LoggedOut } from "./session.js";

export interface Cloud {
  put(key: string, file: Blob): Promise<void>;
  list(prefix: string): Promise<string[]>;
  /** Forgets the user's identity and credentials. */
  close(): void;
}
export type Connect = (config: Config, first: Session, fresh: () => Promise<Session>) => Cloud;

const element = <T extends HTMLElement>(id: string) => document.getElementById(id) as T;
const show = (shown: string, hidden: string) =>
  [shown, hidden].forEach((id) => (element(id).hidden = id === hidden));
const say = (line: string) => element("log").append(`${line}\n`);

export async function run(connect: Connect): Promise<void> {
  const config: Config = await (await fetch("/config.json")).json();
  let cloud: Cloud | undefined;
  let identityId = "";

  // Also after a reload: the session is the backend's, no token is ever kept in the browser.
  async function start(): Promise<void> {
    const fresh = freshSession();
    const first = await fresh();
    cloud = connect(config, first, fresh);
    identityId = first.identityId;
    element("identity").textContent = identityId;
    show("app", "login");
    await list();
  }

  async function list(): Promise<void> {
    const asked = cloud;
    const keys = (await asked?.list(`${identityId}/`)) ?? [];
    if (asked !== cloud) return; // Someone else has logged in meanwhile.
    element("files").textContent = keys.join("\n");
    say(`listed ${keys.length} files`);
  }

  async function upload(prefix: string, file: File): Promise<void> {
    await cloud?.put(`${prefix}/${file.name}`, file);
    say(`uploaded ${file.name}`);
    await list();
  }

  function leave(): void {
    cloud?.close();
    cloud = undefined;
    element("files").textContent = "";
    show("login", "app");
  }

  // Every refusal is shown with its reason; a session that ended leads back to the login.
  const attempt = (what: string, work: () => Promise<void>) => () =>
    work().catch((error: Error) => {
      if (error instanceof LoggedOut) leave();
      else say(`${what} refused: ${reason(error)}`);
    });
  const onClick = (id: string, what: string, work: () => Promise<void>) =>
    element(id).addEventListener("click", attempt(what, work));

  for (const id of ["person", "device"]) {
    const form = element<HTMLFormElement>(id);
    const login = attempt("login", async () => {
      const answer = await post("/login", Object.fromEntries(new FormData(form)));
      if (!answer.ok) return say("login refused");
      form.reset();
      await start();
    });
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      void login();
    });
  }
  onClick("list", "listing", list);
  onClick("upload", "upload", async () => {
    const file = element<HTMLInputElement>("file").files?.[0];
    if (file) await upload(identityId, file);
  });
  // The role lets an identity write below its own id only, so this one must fail.
  onClick("foreign", "writing to another's prefix", () =>
    upload(element<HTMLInputElement>("other").value, new File(["mine!"], "intruder.txt")),
  );
  onClick("logout", "logout", async () => {
    await post("/logout", {});
    say("logged out");
    leave();
  });

  leave();
  await attempt("start", start)();
}

// SDK v2 says "Missing credentials in config" and keeps inside why there are none.
function reason(error: Error & { originalError?: Error }): string {
  return error.originalError ? reason(error.originalError) : `${error.name}: ${error.message}`;
}

function post(path: string, value: object): Promise<Response> {
  const headers = { "content-type": "application/json" };
  return fetch(path, { method: "POST", headers, body: JSON.stringify(value) });
}
