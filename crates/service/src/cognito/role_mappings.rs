//! Role mappings on the wire: how a caller writes them, and how they are answered.
//!
//! **Source**: Cognito identity API reference, shapes *RoleMapping*, *RulesConfigurationType* and
//! *MappingRule*; contract page sections 2.0 and 2.6.

use std::collections::BTreeMap;

use daypass_core::limits::{MAPPING_RULES_MAX, ROLE_MAPPINGS_MAX};
use daypass_core::role_mapping::{
    AmbiguousRoleResolution, MappingRule, MatchType, RoleMapping, RoleMappingError,
    RoleMappingParts, RoleMappings, RoleSource,
};
use daypass_wire::constraint::{Choice, Text};
use daypass_wire::json::{Answer, Members};
use daypass_wire::pattern;

use super::{error, shapes};
use crate::error::ApiError;

const PROVIDER_NAME: Text = Text::length(1, 128);
const TYPE: Choice = Choice(&["Token", "Rules"]);
const AMBIGUOUS: Choice = Choice(&["AuthenticatedRole", "Deny"]);
const MATCH_TYPE: Choice = Choice(&["Equals", "Contains", "StartsWith", "NotEqual"]);
const CLAIM: Text = Text::length(1, 64).matching(pattern::VISIBLE);
const VALUE: Text = Text::length(1, 128);

/// Rules that the model lets through; [`MAPPING_RULES_MAX`] is what is documented.
const MODEL_RULES_MAX: usize = 400;

/// `RoleMappings`, optional: absent is the same as empty.
pub(super) fn read(members: &mut Members<'_>) -> BTreeMap<String, RoleMappingParts> {
    let mappings = members.optional_structure_map("RoleMappings", &PROVIDER_NAME, mapping);
    members.count("RoleMappings", 0, ROLE_MAPPINGS_MAX);
    mappings.unwrap_or_default()
}

fn mapping(members: &mut Members<'_>) -> RoleMappingParts {
    let by_rules = members.required_choice("Type", &TYPE) == "Rules";
    let ambiguous = members.optional_choice("AmbiguousRoleResolution", &AMBIGUOUS);
    let rules = members.optional_structure("RulesConfiguration", |members| {
        let rules = members.required_structures("Rules", rule);
        members.count("Rules", 1, MODEL_RULES_MAX);
        rules
    });
    RoleMappingParts {
        by_rules,
        ambiguous: ambiguous.and_then(AmbiguousRoleResolution::of),
        rules,
    }
}

fn rule(members: &mut Members<'_>) -> MappingRule {
    let claim = members.required_text("Claim", &CLAIM);
    let word = members.required_choice("MatchType", &MATCH_TYPE);
    MappingRule {
        claim,
        // Another word is recorded and refused; a stand-in lets reading go on.
        match_type: MatchType::of(word).unwrap_or(MatchType::Equals),
        value: members.required_text("Value", &VALUE),
        role_arn: members.required_text("RoleARN", &shapes::ARN),
    }
}

/// `RoleMappings` of an answer.
pub(super) fn write(mappings: &RoleMappings) -> impl Iterator<Item = (&str, Answer)> {
    let mappings = mappings.iter();
    mappings.map(|(key, mapping)| (key.as_str(), answer(mapping)))
}

fn answer(mapping: &RoleMapping) -> Answer {
    let (word, configuration) = match &mapping.source {
        RoleSource::Token => ("Token", None),
        RoleSource::Rules(rules) => {
            let rules = Answer::new().structures("Rules", rules.iter().map(rule_answer));
            ("Rules", Some(rules))
        }
    };
    Answer::new()
        .text("Type", word)
        .text("AmbiguousRoleResolution", mapping.ambiguous.word())
        .optional_structure("RulesConfiguration", configuration.as_ref())
}

fn rule_answer(rule: &MappingRule) -> Answer {
    Answer::new()
        .text("Claim", &rule.claim)
        .text("MatchType", rule.match_type.word())
        .text("Value", &rule.value)
        .text("RoleARN", &rule.role_arn)
}

/// Mappings that make no sense for the pool, in this face's words.
pub(super) fn refuse(error: &RoleMappingError) -> ApiError {
    let (message, reason) = match error {
        RoleMappingError::NotAProvider(key) => (
            format!(
                "{key} is not a valid RoleMapping ProviderName or is not a configured provider."
            ),
            "role_mapping.provider",
        ),
        RoleMappingError::NoAmbiguousRoleResolution(key) => (
            format!("AmbiguousRoleResolution is required in the RoleMapping of {key}."),
            "role_mapping.ambiguous",
        ),
        RoleMappingError::NoRules(key) => (
            format!("RulesConfiguration is required in the RoleMapping of {key}, by Rules."),
            "role_mapping.rules",
        ),
        RoleMappingError::TooManyRules(key) => (
            format!("The RoleMapping of {key} has more than {MAPPING_RULES_MAX} rules."),
            "limit.rules",
        ),
        RoleMappingError::RulesBesideToken(key) => (
            format!("RulesConfiguration has no place in the RoleMapping of {key}, by Token."),
            "role_mapping.rules",
        ),
    };
    error::invalid_parameter(message, reason)
}
