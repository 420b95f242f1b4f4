//! How the role mappings of a pool rest on disk.

use std::collections::BTreeMap;

use daypass_core::role_mapping::{
    AmbiguousRoleResolution, MappingRule, MatchType, RoleMapping, RoleMappings, RoleSource,
};
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize)]
pub(super) struct RoleMappingForm {
    ambiguous: String,
    /// `null` takes the role from the token.
    rules: Option<Vec<RuleForm>>,
}

#[derive(Serialize, Deserialize)]
struct RuleForm {
    claim: String,
    #[serde(rename = "match")]
    match_type: String,
    value: String,
    role: String,
}

pub(super) fn to_forms(mappings: &RoleMappings) -> BTreeMap<String, RoleMappingForm> {
    let form = |mapping: &RoleMapping| RoleMappingForm {
        ambiguous: mapping.ambiguous.word().to_owned(),
        rules: match &mapping.source {
            RoleSource::Token => None,
            RoleSource::Rules(rules) => Some(rules.iter().map(rule_form).collect()),
        },
    };
    let mappings = mappings.iter();
    mappings
        .map(|(key, mapping)| (key.clone(), form(mapping)))
        .collect()
}

fn rule_form(rule: &MappingRule) -> RuleForm {
    RuleForm {
        claim: rule.claim.clone(),
        match_type: rule.match_type.word().to_owned(),
        value: rule.value.clone(),
        role: rule.role_arn.clone(),
    }
}

/// Nothing, if one of them says a word that has no meaning here.
pub(super) fn from_forms(forms: BTreeMap<String, RoleMappingForm>) -> Option<RoleMappings> {
    let mapping = |form: RoleMappingForm| {
        let source = match form.rules {
            None => RoleSource::Token,
            Some(rules) => {
                let rules: Option<_> = rules.into_iter().map(rule).collect();
                RoleSource::Rules(rules?)
            }
        };
        Some(RoleMapping {
            source,
            ambiguous: AmbiguousRoleResolution::of(&form.ambiguous)?,
        })
    };
    let forms = forms.into_iter();
    forms
        .map(|(key, form)| Some((key, mapping(form)?)))
        .collect()
}

fn rule(form: RuleForm) -> Option<MappingRule> {
    Some(MappingRule {
        claim: form.claim,
        match_type: MatchType::of(&form.match_type)?,
        value: form.value,
        role_arn: form.role,
    })
}
