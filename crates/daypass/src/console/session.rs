//! Who is signed in: kept in memory of this process, named by a random cookie.
//!
//! The keys a person signed in with stay here and sign the operations of their pages; the browser
//! never gets them back. A restart signs everybody out, and loses no form: see [`Draft`].
//!
//! **Source**: requirement S84 (idle 30 minutes, 12 hours at most, revocable, new id at login).

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use daypass_proof::digest::sha256_hex;

use super::fields::Fields;
use super::frame::Notice;
use crate::client::Keys;

/// A session ends after this long without a request.
pub(crate) const IDLE_MILLIS: i64 = 30 * 60 * 1_000;

/// A session ends after this long in any case.
const WHOLE_MILLIS: i64 = 12 * 60 * 60 * 1_000;

/// Sessions at once; past that the one that was quiet longest ends.
const SESSIONS_MAX: usize = 1_000;

/// Somebody who is signed in.
#[derive(Clone, Debug)]
pub(crate) struct SignedIn {
    /// What they sign with.
    pub(crate) keys: Keys,
    /// Who they are, like `root` or `user/ada`.
    pub(crate) name: String,
    /// The token every form of theirs carries.
    pub(crate) csrf: String,
    /// Which cookie they hold, by its hash.
    pub(crate) id: String,
}

/// A form that was sent after its session had ended, to be shown again after signing in.
#[derive(Clone, Debug)]
pub(crate) struct Draft {
    /// The page it belongs to.
    pub(crate) path: String,
    /// What was filled in.
    pub(crate) fields: Fields,
}

#[derive(Debug)]
struct Session {
    person: SignedIn,
    began_millis: i64,
    seen_millis: i64,
    draft: Option<Draft>,
    notice: Option<Notice>,
}

impl Session {
    fn is_over(&self, now_millis: i64) -> bool {
        now_millis.saturating_sub(self.seen_millis) >= IDLE_MILLIS
            || now_millis.saturating_sub(self.began_millis) >= WHOLE_MILLIS
    }
}

/// The sessions of one process.
#[derive(Debug, Default)]
pub(crate) struct Sessions(Mutex<HashMap<String, Session>>);

impl Sessions {
    /// Begins a session for the holder of `cookie`.
    pub(crate) fn begin(
        &self,
        cookie: &str,
        person: SignedIn,
        draft: Option<Draft>,
        now_millis: i64,
    ) {
        let mut sessions = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        sessions.retain(|_, session| !session.is_over(now_millis));
        if sessions.len() >= SESSIONS_MAX {
            let quiet = sessions
                .iter()
                .min_by_key(|(_, session)| session.seen_millis);
            if let Some(id) = quiet.map(|(id, _)| id.clone()) {
                sessions.remove(&id);
            }
        }
        let session = Session {
            person,
            began_millis: now_millis,
            seen_millis: now_millis,
            draft,
            notice: None,
        };
        sessions.insert(id_of(cookie), session);
    }

    /// The holder of a cookie. What a page asks for by itself is no sign of the person, so that a
    /// page left open ends with its session.
    pub(crate) fn find(&self, cookie: &str, now_millis: i64, by_hand: bool) -> Option<SignedIn> {
        let mut sessions = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let id = id_of(cookie);
        if sessions.get(&id)?.is_over(now_millis) {
            sessions.remove(&id);
            return None;
        }
        let session = sessions.get_mut(&id)?;
        if by_hand {
            session.seen_millis = session.seen_millis.max(now_millis);
        }
        Some(session.person.clone())
    }

    /// When a session ends: if nothing more is asked for, and in any case, in milliseconds.
    pub(crate) fn ends(&self, id: &str) -> Option<(i64, i64)> {
        let sessions = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let session = sessions.get(id)?;
        let whole = session.began_millis.saturating_add(WHOLE_MILLIS);
        let idle = session.seen_millis.saturating_add(IDLE_MILLIS);
        Some((idle.min(whole), whole))
    }

    /// Ends a session.
    pub(crate) fn end(&self, id: &str) {
        let mut sessions = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        sessions.remove(id);
    }

    /// Leaves a sentence for the next page.
    pub(crate) fn leave_notice(&self, id: &str, notice: Notice) {
        let mut sessions = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(session) = sessions.get_mut(id) {
            session.notice = Some(notice);
        }
    }

    /// Takes the sentence that was left.
    pub(crate) fn take_notice(&self, id: &str) -> Option<Notice> {
        let mut sessions = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        sessions.get_mut(id)?.notice.take()
    }

    /// Takes the form that was half filled in on the page at `path`.
    pub(crate) fn take_draft(&self, id: &str, path: &str) -> Option<Fields> {
        let mut sessions = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let draft = &mut sessions.get_mut(id)?.draft;
        let matches = draft.as_ref().is_some_and(|draft| draft.path == path);
        if matches {
            draft.take().map(|draft| draft.fields)
        } else {
            None
        }
    }
}

/// Sessions are known by the hash of their cookie, so memory alone opens none.
pub(crate) fn id_of(cookie: &str) -> String {
    sha256_hex(cookie.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn person(cookie: &str) -> SignedIn {
        SignedIn {
            keys: Keys::from_texts("AKIAABCDEFGHIJKLMNOP", "secret-of-the-test", None).unwrap(),
            name: "root".to_owned(),
            csrf: "token".to_owned(),
            id: id_of(cookie),
        }
    }

    #[test]
    fn s84_a_session_ends_by_quiet_by_age_and_by_sign_out() {
        let sessions = Sessions::default();
        sessions.begin("quiet", person("quiet"), None, 0);
        assert!(sessions.find("quiet", IDLE_MILLIS - 1, true).is_some());
        assert!(sessions.find("quiet", 2 * IDLE_MILLIS - 1, true).is_none());

        sessions.begin("busy", person("busy"), None, 0);
        let mut now = 0;
        while now + IDLE_MILLIS / 2 < WHOLE_MILLIS {
            now += IDLE_MILLIS / 2;
            assert!(sessions.find("busy", now, true).is_some(), "{now}");
        }
        assert_eq!(
            sessions.ends(&id_of("busy")),
            Some((WHOLE_MILLIS, WHOLE_MILLIS))
        );
        assert!(sessions.find("busy", WHOLE_MILLIS, true).is_none());

        sessions.begin("out", person("out"), None, 0);
        sessions.end(&id_of("out"));
        assert!(sessions.find("out", 1, true).is_none());
    }

    #[test]
    fn s84_a_page_that_refreshes_itself_keeps_nobody_signed_in() {
        let sessions = Sessions::default();
        sessions.begin("left open", person("left open"), None, 0);
        for now in [IDLE_MILLIS / 2, IDLE_MILLIS - 1] {
            assert!(sessions.find("left open", now, false).is_some());
        }
        assert!(sessions.find("left open", IDLE_MILLIS, false).is_none());
    }

    #[test]
    fn s01_the_number_of_sessions_is_bounded_and_the_quietest_ends() {
        let sessions = Sessions::default();
        for n in 0..SESSIONS_MAX {
            let cookie = n.to_string();
            sessions.begin(&cookie, person(&cookie), None, i64::try_from(n).unwrap());
        }
        sessions.begin("last", person("last"), None, 2_000);
        assert!(sessions.find("0", 2_000, true).is_none());
        assert!(sessions.find("1", 2_000, true).is_some());
        assert_eq!(sessions.0.lock().unwrap().len(), SESSIONS_MAX);
    }

    #[test]
    fn a_draft_is_given_back_once_and_to_its_own_page() {
        let sessions = Sessions::default();
        let draft = Draft {
            path: "/console/pools/new".to_owned(),
            fields: Fields::parse(b"name=a"),
        };
        sessions.begin("c", person("c"), Some(draft), 0);
        let id = id_of("c");
        assert!(sessions.take_draft(&id, "/console/roles").is_none());
        let fields = sessions.take_draft(&id, "/console/pools/new").unwrap();
        assert_eq!(fields.get("name"), "a");
        assert!(sessions.take_draft(&id, "/console/pools/new").is_none());
    }
}
