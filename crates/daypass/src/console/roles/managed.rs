//! One managed policy, to read.
//!
//! **Source**: IAM API reference, *GetPolicy* and *GetPolicyVersion*; users page, S15.

use askama::Template;
use daypass_policy::{Context, Document, DocumentKind};

use super::indent::laid_out;
use super::list::moment;
use super::{PATH, Told};
use crate::api::roles::ManagedPolicy;
use crate::console::frame::Frame;
use crate::console::moment::Moment;
use crate::console::reply::{Page, Reply};
use crate::console::visit::Visit;
use crate::words;

#[derive(Template)]
#[template(path = "console/roles/managed.html")]
struct ManagedPage {
    frame: Frame,
    policy: ManagedPolicy,
    updated: Option<Moment>,
    told: Told,
}

/// The page.
pub(super) async fn page(visit: &Visit) -> Page {
    let arn = visit.query.trimmed("policy");
    let (policy, text) = visit.api().managed_policy(arn).await?;
    let frame = visit.frame(policy.policy_name.clone(), "roles");
    Reply::html(&ManagedPage {
        frame: frame
            .crumb("Roles & policies", PATH)
            .crumb(policy.policy_name.clone(), ""),
        updated: moment(&policy.update_date, visit.now_seconds()),
        told: in_words(&policy.policy_name, String::new(), laid_out(&text)),
        policy,
    })
}

/// A policy in words.
pub(super) fn in_words(name: &str, href: String, text: String) -> Told {
    let parsed = Document::parse(&text, DocumentKind::Identity);
    Told {
        name: name.to_owned(),
        href,
        unreadable: match &parsed {
            Ok(_) => String::new(),
            Err(error) => error.to_string(),
        },
        sentences: parsed.map_or_else(|_| Vec::new(), |it| words::policy(&it, &Context::new())),
        text,
    }
}
