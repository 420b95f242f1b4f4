//! Wire vectors: stories of requests and answers in plain text, and the runner that tells them.
//!
//! A vector is what the wire must look like, so it is written for readers first: nothing in it
//! names our code, and its requests may be sent to any server that speaks the interface.
//!
//! **Shape**: a file opens with `operation: NAME` (or `operation: any` for what belongs to a whole
//! face) and holds one or more cases:
//!
//! ```text
//! operation: GetId
//!
//! case: a guest gets a fresh identity
//! given: pool P, guests
//! expect: ok
//!
//! > POST /
//! > X-Amz-Target: AWSCognitoIdentityService.GetId
//! > Content-Type: application/x-amz-json-1.1
//! >
//! > {"IdentityPoolId":"<P>"}
//!
//! < 200
//! < Content-Type: application/x-amz-json-1.1
//! <
//! < {"IdentityId":"<A=any>"}
//! ```
//!
//! - `given:` holds phrases parted by `; ` and may come several times; the phrases are in [`given`].
//! - `expect:` is `ok`, or `error CODE`: what the last answer says.
//! - A case may hold several exchanges, and `where:` lines after them: `where: <T> has claims {…}`
//!   or `where: <T> has header {…}` look into a token; `where: <A> is <B>` and
//!   `where: <A> is not <B>` compare what was seen.
//! - `<NAME>` stands for what a given or an answer bound to the name; more in [`place`].
//! - `> Signed-By:` says who signs, and what is wrong with the signature; see [`request`].
//! - Answers: the status and each header named must be the same (`<none>`: must be absent), and so
//!   must the body: JSON by structure, XML but for white space between elements, other text as it
//!   is. An answer without a body in the vector must have none.
//! - Lines with `#` are remarks.
//!
//! **Source**: STYLE §7.

mod compare;
pub mod given;
mod grants;
mod identities;
mod issuers;
mod objects;
pub mod place;
mod pools;
mod quotas;
pub mod request;
mod run;
mod saml;
mod text;
mod tokens;

pub use run::{Outcome, Server, code_of, run};
pub use text::{Case, Check, Exchange, parse};
