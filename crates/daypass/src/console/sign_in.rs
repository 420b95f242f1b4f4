//! Signing in with an access key, or once with the set-up code; signing out.
//!
//! An unknown key and a wrong secret get the same answer after the same time. What was on its way
//! when a session ended is carried through the form and shown again on its own page.
//!
//! **Source**: users page, section 7 (S1); requirements S84, S87 and S91.

use std::sync::Mutex;
use std::time::Duration;

use askama::Template;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use daypass_service::Entropy;
use http::{Method, StatusCode};

use super::ROOT;
use super::fields::Fields;
use super::frame::{Frame, Notice};
use super::limiter::Who;
use super::reply::{Page, Reply, Trouble};
use super::session::{Draft, SignedIn, id_of};
use super::visit::Visit;
use crate::client::Keys;
use crate::entropy::SystemEntropy;

/// Where the form is.
pub(super) const PATH: &str = "/console/sign-in";

/// How long every refusal takes, so that its time says nothing.
const REFUSAL: Duration = Duration::from_millis(300);

/// How long the set-up code is good for.
const SETUP_MILLIS: i64 = 60 * 60 * 1_000;

/// Letters of the set-up code: none that is mistaken for another.
const ALPHABET: &[u8; 32] = b"ABCDEFGHJKLMNPQRSTUVWXYZ23456789";

/// Letters in a set-up code: 100 bits.
const CODE_LETTERS: usize = 20;

/// A code that signs in once as the root user, for the first hour of a deployment.
#[derive(Debug)]
pub(crate) struct SetupCode {
    expires_millis: i64,
    left: Mutex<Option<(String, Keys)>>,
}

impl SetupCode {
    /// A fresh code for the root key, and its text for the operator.
    pub(crate) fn new(root: Keys, now_millis: i64) -> Result<(Self, String), String> {
        let mut bytes = [0; CODE_LETTERS];
        SystemEntropy
            .fill(&mut bytes)
            .map_err(|error| error.to_string())?;
        let letters = bytes
            .iter()
            .filter_map(|byte| ALPHABET.get(usize::from(byte % 32)));
        let code: String = letters.map(|letter| char::from(*letter)).collect();
        let setup = Self {
            expires_millis: now_millis.saturating_add(SETUP_MILLIS),
            left: Mutex::new(Some((id_of(&code), root))),
        };
        Ok((setup, dashed(&code)))
    }

    fn is_open(&self, now_millis: i64) -> bool {
        now_millis < self.expires_millis && self.lock().is_some()
    }

    /// The root key, once, for the right code in time.
    fn redeem(&self, code: &str, now_millis: i64) -> Option<Keys> {
        let plain: String = code.chars().filter(char::is_ascii_alphanumeric).collect();
        let given = id_of(&plain.to_ascii_uppercase());
        let mut left = self.lock();
        if now_millis >= self.expires_millis || left.as_ref()?.0 != given {
            return None;
        }
        left.take().map(|(_, keys)| keys)
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Option<(String, Keys)>> {
        self.left
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

fn dashed(code: &str) -> String {
    let letters: Vec<char> = code.chars().collect();
    let groups = letters
        .chunks(5)
        .map(|group| group.iter().collect::<String>());
    groups.collect::<Vec<_>>().join("-")
}

#[derive(Template)]
#[template(path = "console/sign_in.html")]
struct SignInPage {
    frame: Frame,
    access_key_id: String,
    next: String,
    draft: String,
    with_code: bool,
    problem: String,
    ended: bool,
}

/// A page of the console was asked for, and nobody is signed in.
pub(super) fn first(visit: &Visit) -> Page {
    let path = visit.path();
    if path == "/console/stay" {
        return Ok(Reply::text(StatusCode::UNAUTHORIZED, "signed out"));
    }
    let mut page = SignInPage::new(visit);
    path.clone_into(&mut page.next);
    if !visit.is_post() && visit.is_from_elsewhere() {
        // The same page, asked for by ourselves: now the cookie comes along, if there is one.
        return Ok(Reply::asking_again(path, &visit.query.encode()));
    }
    if visit.is_post() {
        let secret = |name: &str| name == "csrf" || name.contains("secret");
        page.draft = visit.form.without(secret).encode();
        page.ended = true;
    } else if !visit.query.is_empty() {
        page.next = format!("{path}?{}", visit.query.encode());
    }
    Reply::html_with(StatusCode::UNAUTHORIZED, &page)
}

/// `/console/sign-in`: the form, and what it sends.
pub(super) async fn page(visit: &mut Visit) -> Page {
    if visit.method != Method::POST {
        if visit.signed_in().is_some() {
            return Ok(Reply::see_other(ROOT));
        }
        return Reply::html(&SignInPage::new(visit));
    }
    let access_key_id = visit.form.trimmed("access_key_id").to_owned();
    let code = visit.form.trimmed("code").to_owned();
    let who = [
        Who::Account(access_key_id.chars().take(128).collect()),
        Who::Address(network(visit)),
    ];
    let now_millis = visit.arrival.now_millis;
    let wait = visit.console().limiter.wait_millis(&who, now_millis);
    if wait > 0 {
        let minutes = wait.saturating_add(59_999).div_euclid(60_000);
        let problem = format!("Too many attempts. Try again in {minutes} min.");
        return refused(visit, StatusCode::TOO_MANY_REQUESTS, problem).await;
    }
    let signed_in = if code.is_empty() {
        with_key(visit, &access_key_id).await?
    } else {
        with_code(visit, &code).await?
    };
    let Some(person) = signed_in else {
        visit.console().limiter.failed(&who, now_millis);
        let problem = if code.is_empty() {
            "This access key and secret do not fit together, or the key is not active."
        } else {
            "This code is not the one the server printed, or it was used or is too old."
        };
        return refused(visit, StatusCode::FORBIDDEN, problem.to_owned()).await;
    };
    visit.console().limiter.succeeded(&who);
    welcome(visit, person)
}

/// The person's session begins, and they go where they were going.
fn welcome(visit: &mut Visit, person: Holder) -> Page {
    let next = own_path(visit.form.get("next")).to_owned();
    let fields = Fields::parse(visit.form.get("draft").as_bytes());
    let draft = (!fields.is_empty()).then(|| Draft {
        path: next.clone(),
        fields,
    });
    let cookie = random_text()?;
    let restored = draft.is_some();
    let signed_in = SignedIn {
        keys: person.keys,
        name: person.name,
        csrf: random_text()?,
        id: id_of(&cookie),
    };
    visit.sign_in(&cookie, signed_in.clone(), draft);
    if restored {
        let text = "You are signed in again. Your form is as you left it: look at it and send it.";
        let sessions = &visit.console().sessions;
        sessions.leave_notice(&signed_in.id, Notice::warning(text));
    }
    Ok(Reply::see_other(&next))
}

/// Keys, and the name of who holds them.
struct Holder {
    keys: Keys,
    name: String,
}

async fn with_key(visit: &Visit, access_key_id: &str) -> Result<Option<Holder>, Trouble> {
    let secret = visit.form.trimmed("secret_access_key");
    let Ok(keys) = Keys::from_texts(access_key_id, secret, None) else {
        return Ok(None);
    };
    named(visit, keys).await
}

async fn with_code(visit: &Visit, code: &str) -> Result<Option<Holder>, Trouble> {
    let setup = visit.console().setup.as_ref();
    match setup.and_then(|setup| setup.redeem(code, visit.arrival.now_millis)) {
        Some(keys) => named(visit, keys).await,
        None => Ok(None),
    }
}

/// Asks the house whose keys these are; keys that are nobody's are refused there.
async fn named(visit: &Visit, keys: Keys) -> Result<Option<Holder>, Trouble> {
    match visit.api_as(Some(&keys)).caller_identity().await {
        Ok(identity) => {
            let name = identity
                .arn
                .splitn(6, ':')
                .nth(5)
                .unwrap_or_default()
                .to_owned();
            Ok(Some(Holder { keys, name }))
        }
        Err(crate::api::CallError::Refused(refusal)) if refusal.status < 500 => Ok(None),
        Err(error) => Err(error.into()),
    }
}

async fn refused(visit: &Visit, status: StatusCode, problem: String) -> Page {
    tokio::time::sleep(REFUSAL).await;
    let mut page = SignInPage::new(visit);
    let form = &visit.form;
    form.trimmed("access_key_id")
        .clone_into(&mut page.access_key_id);
    own_path(form.get("next")).clone_into(&mut page.next);
    form.get("draft").clone_into(&mut page.draft);
    page.problem = problem;
    Reply::html_with(status, &page)
}

/// Ends the session.
pub(super) fn out(visit: &mut Visit) -> Reply {
    if !visit.is_post() {
        return Reply::see_other(ROOT);
    }
    visit.sign_out();
    Reply::see_other(PATH)
}

impl SignInPage {
    fn new(visit: &Visit) -> Self {
        let setup = visit.console().setup.as_ref();
        Self {
            frame: visit.frame("Sign in", ""),
            access_key_id: String::new(),
            next: own_path(visit.query.get("next")).to_owned(),
            draft: String::new(),
            with_code: setup.is_some_and(|setup| setup.is_open(visit.arrival.now_millis)),
            problem: String::new(),
            ended: false,
        }
    }
}

/// The path, if it is a page of the console; the overview otherwise.
pub(super) fn own_path(path: &str) -> &str {
    let below = path.strip_prefix(ROOT);
    let rooted = below.is_some_and(|rest| {
        rest.is_empty() || rest.starts_with('?') || (rest.starts_with('/') && !rest.contains("//"))
    });
    let plain = !path.contains('\\') && path.bytes().all(|byte| byte.is_ascii_graphic());
    let leads_on = !path.starts_with("/console/sign-");
    if rooted && plain && leads_on {
        path
    } else {
        ROOT
    }
}

/// An IPv6 client has a whole network of addresses; they count as one.
fn network(visit: &Visit) -> std::net::IpAddr {
    match visit.arrival.peer.to_canonical() {
        std::net::IpAddr::V6(address) => {
            let network = u128::from(address) & !u128::from(u64::MAX);
            std::net::IpAddr::V6(network.into())
        }
        address @ std::net::IpAddr::V4(_) => address,
    }
}

/// 256 random bits as text.
fn random_text() -> Result<String, Trouble> {
    let mut bytes = [0; 32];
    SystemEntropy
        .fill(&mut bytes)
        .map_err(|error| Trouble::Defect(error.to_string()))?;
    Ok(URL_SAFE_NO_PAD.encode(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys() -> Keys {
        Keys::from_texts("AKIAABCDEFGHIJKLMNOP", "secret-of-the-test", None).unwrap()
    }

    #[test]
    fn s91_the_code_works_once_and_for_an_hour() {
        let (setup, code) = SetupCode::new(keys(), 0).unwrap();
        assert_eq!(code.len(), CODE_LETTERS + 3);
        assert!(setup.redeem("WRONG-WRONG-WRONG-WRONG", 0).is_none());
        assert!(setup.redeem(&code, SETUP_MILLIS).is_none());
        assert!(
            setup
                .redeem(&code.to_lowercase().replace('-', " "), SETUP_MILLIS - 1)
                .is_some()
        );
        assert!(setup.redeem(&code, 0).is_none());
        assert!(!setup.is_open(0));
    }

    #[test]
    fn s87_next_is_a_page_of_the_console_or_the_overview() {
        for good in [
            "/console",
            "/console/pools/new",
            "/console?x=1",
            "/console/identities?pool=a%3Ab",
        ] {
            assert_eq!(own_path(good), good);
        }
        for bad in [
            "",
            "/",
            "//evil.example",
            "/\\evil.example",
            "/console\\..",
            "/console//evil.example",
            "https://evil.example/console",
            "/consoles",
            "/console/\r\nx",
            "/console/sign-out",
            "javascript:alert(1)",
        ] {
            assert_eq!(own_path(bad), ROOT, "{bad}");
        }
    }
}
