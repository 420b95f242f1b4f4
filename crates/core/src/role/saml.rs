//! The role attribute of a SAML assertion: which roles the provider offers its user.
//!
//! **Shape**: each value is `<role ARN>,<provider ARN>`, in either order.
//! **Source**: IAM user guide, *Configuring SAML assertions*, attribute *Role*; contract page
//! section 5.4, item 6; requirement S47.

use daypass_proof::login::LoginClaims;

use super::name_in_arn;
use crate::ids::AccountId;

/// The attribute that lists roles.
pub const ROLE_ATTRIBUTE: &str = "https://aws.amazon.com/SAML/Attributes/Role";

/// Whether the assertion has the attribute at all.
pub(super) fn offers_roles(claims: &LoginClaims) -> bool {
    !claims.values(ROLE_ATTRIBUTE).is_empty()
}

/// The roles that the assertion offers, each once and in its order.
///
/// A pair counts when its role is of our account and its provider is `provider`, the one that
/// signed: what an assertion says of other accounts and other providers is for others to read.
pub(super) fn offered<'a>(
    claims: &'a LoginClaims,
    provider: &str,
    account: &AccountId,
) -> Vec<&'a str> {
    let mut roles = Vec::new();
    for value in claims.values(ROLE_ATTRIBUTE) {
        if let Some(role) = role_of_pair(value, provider, account)
            && !roles.contains(&role)
        {
            roles.push(role);
        }
    }
    roles
}

/// Role names may have commas, so the pair is cut where the provider stands, not at a comma.
fn role_of_pair<'a>(pair: &'a str, provider: &str, account: &AccountId) -> Option<&'a str> {
    let pair = pair.trim();
    let before = pair
        .strip_prefix(provider)
        .and_then(|rest| rest.trim_start().strip_prefix(','));
    let behind = pair
        .strip_suffix(provider)
        .and_then(|rest| rest.trim_end().strip_suffix(','));
    let role = before.or(behind)?.trim();
    name_in_arn(role, account).map(|_| role)
}

#[cfg(test)]
mod tests {
    use super::*;

    const OURS: &str = "arn:aws:iam::123456789012:saml-provider/corp";
    const ROLE: &str = "arn:aws:iam::123456789012:role/app/Admin";

    fn roles(values: &[&str]) -> Vec<String> {
        let values = values.iter().map(|&value| value.to_owned()).collect();
        let claims = LoginClaims::of_attributes([(ROLE_ATTRIBUTE.to_owned(), values)]);
        let account = "123456789012".parse().unwrap();
        let offered = offered(&claims, OURS, &account);
        offered.into_iter().map(str::to_owned).collect()
    }

    #[test]
    fn s47_a_pair_is_read_in_either_order_and_each_role_once() {
        let (first, last) = (format!("{ROLE},{OURS}"), format!("{OURS} , {ROLE}"));
        assert_eq!(roles(&[&first]), [ROLE]);
        assert_eq!(roles(&[&format!(" {last} ")]), [ROLE]);
        assert_eq!(roles(&[&first, &last]), [ROLE]);
        let comma = "arn:aws:iam::123456789012:role/a,b";
        assert_eq!(roles(&[&format!("{comma},{OURS}"), &first]), [comma, ROLE]);
        assert_eq!(roles(&[]), [""; 0]);
    }

    #[test]
    fn s47_pairs_of_other_accounts_and_other_providers_offer_nothing() {
        let foreign = "arn:aws:iam::210987654321:role/Admin";
        for pair in [
            format!("{foreign},{OURS}"),
            format!("{OURS},{foreign}"),
            format!("{ROLE},arn:aws:iam::210987654321:saml-provider/corp"),
            format!("{ROLE},arn:aws:iam::123456789012:saml-provider/corp2"),
            format!("{ROLE},x{OURS}"),
            format!("{OURS},{OURS}"),
            format!("{ROLE}{OURS}"),
            format!("{OURS},arn:aws:iam::123456789012:user/ana"),
            ROLE.to_owned(),
            String::new(),
        ] {
            assert_eq!(roles(&[&pair]), [""; 0], "{pair}");
        }
    }
}
