//! The shapes that the assume operations share.
//!
//! **Source**: contract page, STS section 2.2.

use daypass_wire::constraint::{Integer, ListRule, Text};
use daypass_wire::pattern;
use daypass_wire::query::Members;
use daypass_wire::time::iso8601;
use daypass_wire::xml::Element;

use crate::credentials::Credentials;

pub(super) const ARN: Text = Text::length(20, 2_048).matching(pattern::ARN);
pub(super) const SESSION_NAME: Text = Text::length(2, 64).matching(pattern::NAME_OR_EMPTY);
pub(super) const ROLE_DURATION: Integer = Integer::range(900, 43_200);
pub(super) const SERIAL_NUMBER: Text = Text::length(9, 256).matching(pattern::SERIAL_NUMBER);
pub(super) const TOKEN_CODE: Text = Text::length(6, 6).matching(pattern::DIGITS_OR_EMPTY);
pub(super) const TAG_KEY: Text = Text::length(1, 128).matching(pattern::TAG_KEY);
pub(super) const TAG_VALUE: Text = Text::length(0, 256).matching(pattern::TAG_VALUE);
pub(super) const TAG_KEYS: ListRule = ListRule {
    min: 0,
    max: 50,
    item: TAG_KEY,
};
const POLICY: Text = Text::length(1, 131_072).matching(pattern::LATIN1);
const TOKEN_SIZE: Integer = Integer::range(0, 4_096);

/// The session policies of a request, as given.
#[derive(Default)]
pub(super) struct PolicyInput {
    /// The inline policy.
    pub inline: Option<String>,
    /// The managed policies.
    pub arns: Vec<String>,
}

/// `Policy` and `PolicyArns`; the one lower-case member name is the interface's own.
pub(super) fn policies(members: &mut Members<'_>) -> PolicyInput {
    let inline = members.optional_text("Policy", &POLICY);
    let arns = members.structures("PolicyArns", |policy| policy.optional_text("arn", &ARN));
    members.count(
        "PolicyArns",
        0,
        daypass_core::limits::SESSION_POLICY_ARNS_MAX,
    );
    // Asks for padding of the token, which ours never needs.
    members.optional_integer("MinimumSessionTokenSize", &TOKEN_SIZE);
    PolicyInput {
        inline,
        arns: arns.into_iter().flatten().collect(),
    }
}

/// The `Credentials` element.
pub(super) fn credentials(credentials: &Credentials) -> Element {
    Element::new("Credentials")
        .text("AccessKeyId", credentials.access_key_id.as_str())
        .text("SecretAccessKey", credentials.secret.expose())
        .text("SessionToken", credentials.session_token.as_str())
        .text("Expiration", iso8601(credentials.expires.seconds()))
}

/// The `AssumedRoleUser` element.
pub(super) fn assumed_role_user(id: &str, arn: &str) -> Element {
    Element::new("AssumedRoleUser")
        .text("AssumedRoleId", id)
        .text("Arn", arn)
}
