//! The roles, what uses each, whom each lets in; and the managed policies beside them.
//!
//! **Source**: users page, S15; IAM API reference, *ListRoles* and *ListPolicies*.

use askama::Template;
use daypass_policy::{Document, DocumentKind};

use super::uses::{Use, Uses};
use super::{PATH, role_path};
use crate::api::CallError;
use crate::api::roles::{ManagedPolicy, Role};
use crate::console::frame::Frame;
use crate::console::moment::Moment;
use crate::console::reply::{Page, Reply, sentence};
use crate::console::segment;
use crate::console::visit::Visit;
use crate::words;

#[derive(Template)]
#[template(path = "console/roles/list.html")]
struct ListPage {
    frame: Frame,
    roles: Result<Vec<Row>, CallError>,
    policies: Result<Vec<PolicyRow>, CallError>,
    gap: String,
}

#[derive(Debug)]
struct Row {
    name: String,
    href: String,
    description: String,
    uses: Vec<Use>,
    trust: String,
    risky: bool,
    created: Option<Moment>,
}

#[derive(Debug)]
struct PolicyRow {
    name: String,
    href: String,
    attached: String,
    updated: Option<Moment>,
}

/// The page.
pub(super) async fn page(visit: &Visit) -> Page {
    let api = visit.api();
    let (roles, policies) = (api.roles().await, api.managed_policies().await);
    let uses = if roles.is_ok() {
        Uses::of(api).await
    } else {
        Uses::default()
    };
    let now = visit.now_seconds();
    Reply::html(&ListPage {
        frame: visit.frame("Roles & policies", "roles"),
        roles: roles.map(|roles| roles.into_iter().map(|it| row(it, &uses, now)).collect()),
        policies: policies.map(|rows| rows.into_iter().map(|it| policy_row(it, now)).collect()),
        gap: uses.gap,
    })
}

fn row(role: Role, uses: &Uses, now: i64) -> Row {
    let trust = Document::parse(&role.assume_role_policy_document, DocumentKind::Trust);
    let told = trust.map(|trust| words::trust(&trust, &uses.names));
    let (trust, risky) = match told {
        Ok(told) => (told.short, !told.warnings.is_empty()),
        Err(_) => ("Nobody: the trust policy does not read".to_owned(), false),
    };
    Row {
        href: role_path(&role.role_name),
        uses: uses.by(&role.arn),
        trust,
        risky,
        created: moment(&role.create_date, now),
        description: role.description,
        name: role.role_name,
    }
}

fn policy_row(policy: ManagedPolicy, now: i64) -> PolicyRow {
    PolicyRow {
        href: format!("{PATH}?policy={}", segment(&policy.arn)),
        attached: policy.attachment_count,
        updated: moment(&policy.update_date, now),
        name: policy.policy_name,
    }
}

/// A date of IAM.
pub(super) fn moment(text: &str, now: i64) -> Option<Moment> {
    let format = &time::format_description::well_known::Rfc3339;
    let at = time::OffsetDateTime::parse(text, format).ok()?;
    Some(Moment::of(at.unix_timestamp(), now))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_of_iam_is_a_moment() {
        let moment = moment("2025-11-24T18:05:00Z", 1_764_007_500).unwrap();
        assert_eq!(
            (moment.words.as_str(), moment.ago.as_str()),
            ("24 Nov 2025, 18:05 UTC", "now")
        );
        assert_eq!(super::moment("yesterday", 0), None);
    }
}
