// Settings: environment variables, and the file in which setup.ts leaves them.
import { readFileSync } from "node:fs";
import { parseEnv } from "node:util";

/** Where setup.ts writes; git ignores it, because it holds the backend's secret key. */
export const envFile = process.env["ENV_FILE"] ?? ".env.local";

/** The settings in the file. */
export function readEnvFile(): NodeJS.Dict<string> {
  return parseEnv(readFileSync(envFile, "utf8"));
}

/** Takes the file's settings over those of the shell. */
export function loadEnvFile(): void {
  // The shell may still hold the administrator's keys that setup.ts needed. A backend that
  // picked those up would work, and would be far too powerful: so the file wins.
  for (const name of ["AWS_SESSION_TOKEN", "AWS_PROFILE"]) delete process.env[name];
  Object.assign(process.env, readEnvFile());
}

/** A setting that must be there. */
export function required(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: run \`npm run setup\` first`);
  return value;
}
