// The two answers that cross from the backend to the browser, written once so that neither
// side can drift from the other.

/** Answer of `POST /session`: what a browser needs to act as the user who is logged in. */
export interface Session {
  identityId: string;
  token: string;
  /** When the token dies, in milliseconds since 1970. The credentials bought with it live on. */
  expiresAt: number;
}

/** Answer of `GET /config.json`: where to go. Nothing in it is secret. */
export interface Config {
  region: string;
  identityPoolId: string;
  bucket: string;
  /** Absent means AWS itself. */
  endpoint?: string;
}
