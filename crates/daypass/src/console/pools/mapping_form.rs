//! The form of one provider's role mapping: rules that are added, moved and dropped by buttons.
//!
//! Each button sends the whole form and gets it back changed, so that nothing is saved before it is
//! asked for and no script is needed.
//!
//! **Source**: users page, section 7 (S9); requirement S62 (what is not decided is denied).

use daypass_core::limits::MAPPING_RULES_MAX;
use daypass_core::role_mapping::MatchType;

use crate::api::mappings::{MappingRule, RoleMapping};
use crate::api::roles::Role;
use crate::console::fields::Fields;
use crate::console::parts::{Choice, FieldError, error_of};
use crate::templates;

/// What is chosen for one provider.
#[derive(Clone, Debug, Default)]
pub(super) struct MappingForm {
    /// The provider's key.
    pub(super) provider: String,
    /// `default`, `Rules` or `Token`.
    pub(super) how: String,
    /// The rules, in order.
    pub(super) rules: Vec<MappingRule>,
    /// `AuthenticatedRole` or `Deny`.
    pub(super) ambiguous: String,
    /// What is to be put right.
    pub(super) errors: Vec<FieldError>,
}

/// A rule on the page.
#[derive(Clone, Debug)]
pub(super) struct Row {
    /// Its number, from 1.
    pub(super) number: usize,
    /// Its claim.
    pub(super) claim: String,
    /// The ways to compare.
    pub(super) matches: Vec<Choice>,
    /// Its value.
    pub(super) value: String,
    /// Its role.
    pub(super) role: String,
    /// The roles there are; none where they may not be listed.
    pub(super) roles: Vec<Choice>,
    /// Whether it is the first.
    pub(super) first: bool,
    /// Whether it is the last.
    pub(super) last: bool,
}

impl MappingForm {
    /// The form as the mapping is now.
    pub(super) fn of(provider: &str, mapping: Option<&RoleMapping>) -> Self {
        let how = mapping.map_or("default", |mapping| mapping.kind.as_str());
        let falls_back = mapping.is_some_and(RoleMapping::falls_back);
        Self {
            provider: provider.to_owned(),
            how: how.to_owned(),
            rules: mapping.map_or_else(Vec::new, |mapping| mapping.rules().to_vec()),
            ambiguous: if falls_back {
                "AuthenticatedRole"
            } else {
                "Deny"
            }
            .to_owned(),
            errors: Vec::new(),
        }
    }

    /// The form as it was sent, with what its button changes.
    pub(super) fn sent(fields: &Fields) -> Self {
        let named =
            |name: &str, number: usize| fields.trimmed(&format!("{name}_{number}")).to_owned();
        let sent = (1..=MAPPING_RULES_MAX).filter(|number| fields.has(&format!("claim_{number}")));
        let rules = sent.map(|number| MappingRule {
            claim: named("claim", number),
            match_type: named("match", number),
            value: fields.get(&format!("value_{number}")).to_owned(),
            role_arn: named("role", number),
        });
        let mut form = Self {
            provider: fields.get("provider").to_owned(),
            how: match fields.get("how") {
                "Rules" => "Rules",
                "Token" => "Token",
                _ => "default",
            }
            .to_owned(),
            rules: rules.collect(),
            ambiguous: match fields.get("ambiguous") {
                "AuthenticatedRole" => "AuthenticatedRole",
                _ => "Deny",
            }
            .to_owned(),
            errors: Vec::new(),
        };
        form.press(fields.get("step"));
        if form.how == "Rules" && form.rules.is_empty() {
            form.add();
        }
        form
    }

    /// Does what a button of the rules says.
    fn press(&mut self, step: &str) {
        let (what, number) = step.split_once('-').unwrap_or((step, ""));
        let place = number
            .parse::<usize>()
            .ok()
            .and_then(|number| number.checked_sub(1));
        let place = place.filter(|place| *place < self.rules.len());
        match (what, place) {
            ("add", _) => self.add(),
            ("up", Some(place)) if place > 0 => self.rules.swap(place - 1, place),
            ("down", Some(place)) if place + 1 < self.rules.len() => {
                self.rules.swap(place, place + 1);
            }
            ("drop", Some(place)) => {
                self.rules.remove(place);
            }
            _ => {}
        }
    }

    fn add(&mut self) {
        if self.rules.len() < MAPPING_RULES_MAX {
            self.rules.push(MappingRule {
                match_type: MatchType::Equals.word().to_owned(),
                ..MappingRule::default()
            });
        }
    }

    /// Whether there is room for another rule.
    pub(super) fn has_room(&self) -> bool {
        self.rules.len() < MAPPING_RULES_MAX
    }

    /// Notes what is wrong.
    pub(super) fn check(&mut self) {
        if self.how != "Rules" {
            return;
        }
        for (rule, number) in self.rules.iter().zip(1_usize..) {
            let mut wrong = |name: &str, message: String| {
                self.errors.push(FieldError {
                    field: format!("{name}_{number}"),
                    message,
                });
            };
            if rule.claim.is_empty() {
                wrong(
                    "claim",
                    format!("Rule {number}: name the claim it looks at."),
                );
            }
            if rule.value.is_empty() {
                wrong(
                    "value",
                    format!("Rule {number}: say what the claim is compared with."),
                );
            }
            if templates::role_in(&rule.role_arn).is_none() {
                wrong("role", format!("Rule {number}: choose its role."));
            }
        }
    }

    /// What is wrong with a field of a rule, or nothing.
    #[expect(
        clippy::trivially_copy_pass_by_ref,
        reason = "a template hands over references"
    )]
    pub(super) fn error(&self, name: &str, number: &usize) -> &str {
        error_of(&self.errors, &format!("{name}_{number}"))
    }

    /// The mapping it describes; none for the default role.
    pub(super) fn mapping(&self) -> Option<RoleMapping> {
        let rules = if self.how == "Rules" {
            self.rules.clone()
        } else {
            Vec::new()
        };
        (self.how != "default").then(|| RoleMapping::new(&self.how, &self.ambiguous, rules))
    }

    /// The ways to a role.
    pub(super) fn ways(&self) -> Vec<Choice> {
        let way = |value, label, hint| Choice::new(value, label, &self.how).hint(hint);
        vec![
            way(
                "default",
                "The default role",
                "The pool's authenticated role, for all of them.",
            ),
            way(
                "Rules",
                "By rules",
                "The first rule that matches the login's claims gives the role.",
            ),
            way(
                "Token",
                "From the token",
                "cognito:preferred_role and cognito:roles, or the role attribute of an assertion.",
            ),
        ]
    }

    /// What may happen to users for whom no one role is found.
    pub(super) fn resolutions(&self) -> Vec<Choice> {
        let choice = |value, label, hint| Choice::new(value, label, &self.ambiguous).hint(hint);
        vec![
            choice("Deny", "No credentials", "The request is refused."),
            choice(
                "AuthenticatedRole",
                "The default role",
                "The pool's authenticated role.",
            ),
        ]
    }

    /// The rules as the page shows them.
    pub(super) fn rows(&self, roles: Option<&[Role]>) -> Vec<Row> {
        let count = self.rules.len();
        let row = |(rule, number): (&MappingRule, usize)| Row {
            number,
            claim: rule.claim.clone(),
            matches: MatchType::ALL
                .map(|one| Choice::new(one.word(), words(one), &rule.match_type))
                .to_vec(),
            value: rule.value.clone(),
            role: rule.role_arn.clone(),
            roles: roles.map_or_else(Vec::new, |roles| choices(roles, &rule.role_arn)),
            first: number == 1,
            last: number == count,
        };
        self.rules.iter().zip(1_usize..).map(row).collect()
    }
}

/// The roles there are, and the one that is set even if it is none of them.
fn choices(roles: &[Role], chosen: &str) -> Vec<Choice> {
    let mut choices = vec![Choice::new("", "Choose a role", chosen)];
    choices.extend(
        roles
            .iter()
            .map(|role| Choice::new(&role.arn, &role.role_name, chosen)),
    );
    if !choices.iter().any(|choice| choice.selected) {
        choices.push(Choice::new(
            chosen,
            &format!("{chosen} (not found)"),
            chosen,
        ));
    }
    choices
}

fn words(match_type: MatchType) -> &'static str {
    match match_type {
        MatchType::Equals => "equals",
        MatchType::Contains => "contains",
        MatchType::StartsWith => "starts with",
        MatchType::NotEqual => "is not",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TWO: &str = "provider=p&how=Rules&claim_1=a&match_1=Equals&value_1=x&role_1=arn:aws:iam::1:role/A&\
                       claim_2=b&match_2=NotEqual&value_2=y&role_2=arn:aws:iam::1:role/B&ambiguous=Deny";

    fn form(step: &str) -> MappingForm {
        MappingForm::sent(&Fields::parse(format!("{TWO}&step={step}").as_bytes()))
    }

    fn order(step: &str) -> String {
        form(step)
            .rules
            .iter()
            .map(|rule| rule.claim.clone())
            .collect()
    }

    #[test]
    fn buttons_move_drop_and_add_rules_and_nothing_else() {
        assert_eq!(order("save"), "ab");
        assert_eq!(order("up-2"), "ba");
        assert_eq!(order("down-1"), "ba");
        assert_eq!(order("drop-1"), "b");
        assert_eq!(form("add").rules.len(), 3);
        for odd in [
            "up-1",
            "down-2",
            "up-0",
            "drop-3",
            "drop-x",
            "down-99999999999999999999",
        ] {
            assert_eq!(order(odd), "ab", "{odd}");
        }
    }

    #[test]
    fn there_is_no_26th_rule() {
        let fields = (1..=30).map(|number| format!("claim_{number}=c&value_{number}=v"));
        let sent = format!(
            "how=Rules&step=add&{}",
            fields.collect::<Vec<_>>().join("&")
        );
        let form = MappingForm::sent(&Fields::parse(sent.as_bytes()));
        assert_eq!(form.rules.len(), MAPPING_RULES_MAX);
        assert!(!form.has_room());
    }

    #[test]
    fn s62_what_is_not_decided_is_denied_and_what_is_missing_is_said_at_its_field() {
        let form = MappingForm::of("p", None);
        assert_eq!(
            (form.how.as_str(), form.ambiguous.as_str()),
            ("default", "Deny")
        );
        assert!(form.mapping().is_none());
        let mut form = MappingForm::sent(&Fields::parse(b"how=Rules&step=save"));
        form.check();
        let fields: Vec<&str> = form
            .errors
            .iter()
            .map(|error| error.field.as_str())
            .collect();
        assert_eq!(fields, ["claim_1", "value_1", "role_1"]);
        let mut whole = super::tests::form("save");
        whole.check();
        assert_eq!(whole.errors, []);
        assert_eq!(whole.mapping().unwrap().rules().len(), 2);
    }
}
