//! `/console/settings`: how this instance is set up, the keys it signs with, and one's own session.
//!
//! Everything of the instance is the answer of `daypass:DescribeDeployment`, and read-only: settings
//! are changed where they come from, which each row says. Secrets arrive here as stars.
//!
//! **Source**: users page, section 7 (S22) and 7a; requirement S84 (sessions).

use askama::Template;

use super::frame::Frame;
use super::moment::Moment;
use super::reply::{Page, Reply, sentence};
use super::visit::Visit;
use crate::api::CallError;
use crate::api::deployment::{Deployment, SigningKey};

/// The permission behind this page.
const PERMISSION: &str = "daypass:DescribeDeployment";

#[derive(Template)]
#[template(path = "console/settings.html")]
struct SettingsPage {
    frame: Frame,
    instance: Result<Instance, CallError>,
    session: Option<SessionEnds>,
}

/// The deployment in words.
struct Instance {
    deployment: Deployment,
    clock: Moment,
    started: Moment,
    keys: Vec<KeyRow>,
}

/// One signing key in words.
struct KeyRow {
    id: String,
    badge: &'static str,
    state: String,
    use_of_it: &'static str,
    since: Option<Moment>,
}

/// When the person's session ends.
struct SessionEnds {
    idle: Moment,
    whole: Moment,
}

/// The page.
pub(super) async fn page(visit: &Visit) -> Page {
    let deployment = visit.api().deployment().await;
    Reply::html(&SettingsPage {
        frame: visit.frame("Settings", "settings"),
        instance: deployment.map(Instance::of),
        session: session_ends(visit),
    })
}

fn session_ends(visit: &Visit) -> Option<SessionEnds> {
    let person = visit.signed_in()?;
    let (idle, whole) = visit.console().sessions.ends(&person.id)?;
    let at = |millis: i64| Moment::of(millis.div_euclid(1_000), visit.now_seconds());
    Some(SessionEnds {
        idle: at(idle),
        whole: at(whole),
    })
}

impl Instance {
    fn of(deployment: Deployment) -> Self {
        let now = deployment.now;
        let keys = deployment.signing_keys.iter();
        Self {
            clock: Moment::of(now, now),
            started: Moment::of(deployment.started_at, now),
            keys: keys.map(|key| key_row(key, now)).collect(),
            deployment,
        }
    }
}

fn key_row(key: &SigningKey, now: i64) -> KeyRow {
    let (badge, use_of_it) = match key.state.as_str() {
        "active" => ("ok", "Signs every new token"),
        "next" => ("info", "Published already, signs next"),
        "retired" => (
            "neutral",
            "Signs nothing; its tokens are good until they end",
        ),
        _ => ("neutral", ""),
    };
    KeyRow {
        id: key.key_id.clone(),
        badge,
        state: key.state.clone(),
        use_of_it,
        since: key
            .retired_at
            .or(key.created_at)
            .map(|seconds| Moment::of(seconds, now)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(state: &str, retired_at: Option<i64>) -> SigningKey {
        SigningKey {
            key_id: "k1".to_owned(),
            state: state.to_owned(),
            created_at: Some(10),
            retired_at,
        }
    }

    #[test]
    fn a_retired_key_is_dated_by_its_retirement() {
        let since = |key| key_row(&key, 100).since.map(|moment| moment.datetime);
        assert_eq!(
            since(key("retired", Some(60))).as_deref(),
            Some("1970-01-01T00:01:00Z")
        );
        assert_eq!(
            since(key("active", None)).as_deref(),
            Some("1970-01-01T00:00:10Z")
        );
    }

    #[test]
    fn only_the_key_that_signs_is_marked_as_good() {
        assert_eq!(key_row(&key("active", None), 0).badge, "ok");
        assert_eq!(key_row(&key("retired", Some(1)), 0).badge, "neutral");
        assert_eq!(key_row(&key("next", None), 0).badge, "info");
    }
}
