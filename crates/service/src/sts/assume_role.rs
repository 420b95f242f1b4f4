//! `AssumeRole`: a session of a role for a user or another session.
//!
//! **Source**: AWS STS API reference, *AssumeRole*; contract page sections 2.5 and 3.1.
//! **Errors**: `AccessDenied` for the root user, a missing role or one that does not trust the
//! caller (which look the same), `MalformedPolicyDocument`, `PackedPolicyTooLarge`, and the common
//! set. The documented `ExpiredTokenException` comes only with provided contexts, which are
//! refused, and no Region is ever switched off.

use std::collections::BTreeMap;

use daypass_core::assume::fill_request_tags;
use daypass_core::role::{Role, name_in_arn};
use daypass_core::session::{RoleSession, SessionPrincipal, role_session_lifetime};
use daypass_core::tags::{PrincipalTags, TagError};
use daypass_policy::{
    Context, Document, DocumentKind, Explanation, NamedPolicy, PolicySet, Request, evaluate,
    evaluate_trust,
};
use daypass_wire::constraint::Text;
use daypass_wire::pattern;
use daypass_wire::query::Members;
use daypass_wire::xml::Element;

use super::session_policies::{self, SessionPolicies};
use super::{error, shapes};
use crate::aws_query::{QueryInput, QueryOutput, validation_error};
use crate::context::request_context;
use crate::credentials::{self, Credentials};
use crate::env::Env;
use crate::error::{ApiError, Failure};
use crate::guard::{Denial, Need, Permit, Standing, held_by};
use crate::operation::Operation;
use crate::policies::CallerPolicies;

const EXTERNAL_ID: Text = Text::length(2, 1_224).matching(pattern::EXTERNAL_ID);

pub(super) struct AssumeRole;

pub(super) struct Input {
    role_arn: String,
    session_name: String,
    policies: shapes::PolicyInput,
    duration_seconds: Option<i64>,
    tags: Vec<(String, String)>,
    transitive_tag_keys: Vec<String>,
    external_id: Option<String>,
    token_code: Option<String>,
    source_identity: Option<String>,
    has_contexts: bool,
}

impl QueryInput for Input {
    fn read(members: &mut Members<'_>) -> Self {
        members.optional_text("SerialNumber", &shapes::SERIAL_NUMBER);
        let contexts = members.structures("ProvidedContexts", |_| ());
        let tags = members.structures("Tags", |tag| {
            let key = tag.required_text("Key", &shapes::TAG_KEY);
            (key, tag.required_text("Value", &shapes::TAG_VALUE))
        });
        members.count("Tags", 0, daypass_core::limits::TAGS_MAX);
        Self {
            role_arn: members.required_text("RoleArn", &shapes::ARN),
            session_name: members.required_text("RoleSessionName", &shapes::SESSION_NAME),
            policies: shapes::policies(members),
            duration_seconds: members.optional_integer("DurationSeconds", &shapes::ROLE_DURATION),
            tags,
            transitive_tag_keys: members.texts("TransitiveTagKeys", &shapes::TAG_KEYS),
            external_id: members.optional_text("ExternalId", &EXTERNAL_ID),
            token_code: members.optional_text("TokenCode", &shapes::TOKEN_CODE),
            source_identity: members.optional_text("SourceIdentity", &shapes::SESSION_NAME),
            has_contexts: !contexts.is_empty(),
        }
    }
}

pub(super) struct Output {
    credentials: Credentials,
    assumed_role_id: String,
    assumed_role_arn: String,
    packed_size: Option<i64>,
    source_identity: Option<String>,
}

impl QueryOutput for Output {
    fn write(self) -> Option<Element> {
        let packed = self.packed_size.map(|percent| percent.to_string());
        let result = Element::new("AssumeRoleResult")
            .optional_text("SourceIdentity", self.source_identity)
            .child(shapes::assumed_role_user(
                &self.assumed_role_id,
                &self.assumed_role_arn,
            ))
            .child(shapes::credentials(&self.credentials))
            .optional_text("PackedPolicySize", packed);
        Some(result)
    }
}

impl Operation for AssumeRole {
    const NAME: &'static str = "AssumeRole";
    const ERRORS: &'static [&'static str] = &[
        error::ACCESS_DENIED,
        error::MALFORMED_POLICY_DOCUMENT,
        error::PACKED_POLICY_TOO_LARGE,
    ];
    type Admission = Permit;
    type Input = Input;
    type Output = Output;

    /// The trust policy decides together with the caller's own policies; `call` asks both.
    async fn needs(_: &Env, _: &Input) -> Result<Vec<Need>, Failure> {
        Ok(Vec::new())
    }

    async fn call(env: &Env, permit: Permit, mut input: Input) -> Result<Output, Failure> {
        let now = permit.circumstances().now;
        let policies = std::mem::take(&mut input.policies);
        refuse_root_and_mfa(&permit, &input)?;
        let inherited = Inherited::of(&permit);
        let tags = inherited.with(&input)?;
        let source_identity = inherited.source_identity(&input)?;

        let mut records = env.read().await?;
        let role = match name_in_arn(&input.role_arn, env.account()) {
            Some(name) => records.role(name).await?,
            None => None,
        };
        let role = role.filter(|role| role.arn(env.account()) == input.role_arn);
        let held = held_by(env, &permit).await?;
        let trust = Trust {
            env,
            permit: &permit,
            held: &held,
            role: role.as_ref(),
            input: &input,
        };
        let context = trust.context(&tags, source_identity.as_deref());
        let role = trust.require("sts:AssumeRole", &context)?;
        if !tags.is_empty() {
            trust.require("sts:TagSession", &context)?;
        }
        if source_identity.is_some() {
            trust.require("sts:SetSourceIdentity", &context)?;
        }

        let chained = permit.caller().session().is_some();
        let lifetime = role_session_lifetime(role, input.duration_seconds, chained)
            .map_err(error::lifetime)?;
        let SessionPolicies {
            documents,
            packed_size,
        } = session_policies::read(env, &mut records, policies, &tags).await?;
        let assumed_role_id = format!("{}:{}", role.id, input.session_name);
        let assumed_role_arn = role.session_arn(env.account(), &input.session_name);
        let session = RoleSession {
            role_name: role.name.clone(),
            role_id: role.id.clone(),
            session_name: input.session_name.clone(),
            policies: documents,
            tags,
            transitive_tag_keys: inherited.transitive_keys(&input.transitive_tag_keys),
            source_identity: source_identity.clone(),
            federation: None,
            provider: None,
        };
        let principal = SessionPrincipal::Role(Box::new(session));
        let credentials = credentials::mint(env, principal, lifetime, now).map_err(error::seal)?;
        Ok(Output {
            credentials,
            assumed_role_id,
            assumed_role_arn,
            packed_size,
            source_identity,
        })
    }
}

fn refuse_root_and_mfa(permit: &Permit, input: &Input) -> Result<(), ApiError> {
    if matches!(
        permit.caller().standing(),
        Standing::Root | Standing::RootSession(_)
    ) {
        let message = "Roles may not be assumed by root accounts.";
        return Err(error::access_denied(message, "role.root_caller"));
    }
    if input.token_code.is_some() {
        let message = "MultiFactorAuthentication failed with invalid MFA one time pass code.";
        return Err(error::access_denied(message, "session.mfa"));
    }
    if input.has_contexts {
        let message = "ProvidedContexts are not supported.";
        return Err(validation_error(message, "operation.not_yet"));
    }
    Ok(())
}

/// What a chained session takes over from the calling one.
struct Inherited {
    tags: BTreeMap<String, String>,
    source_identity: Option<String>,
}

impl Inherited {
    fn of(permit: &Permit) -> Self {
        let nothing = Self {
            tags: BTreeMap::new(),
            source_identity: None,
        };
        let Some(session) = permit.caller().session() else {
            return nothing;
        };
        let SessionPrincipal::Role(session) = &session.principal else {
            return nothing;
        };
        let passes_on = |key: &str| {
            session
                .transitive_tag_keys
                .iter()
                .any(|kept| kept.eq_ignore_ascii_case(key))
        };
        let tags = session.tags.iter().filter(|(key, _)| passes_on(key));
        Self {
            tags: tags
                .map(|(key, value)| (key.to_owned(), value.to_owned()))
                .collect(),
            source_identity: session.source_identity.clone(),
        }
    }

    /// Inherited tags with the new ones.
    fn with(&self, input: &Input) -> Result<PrincipalTags, ApiError> {
        let mut all = self.tags.clone();
        for (key, value) in &input.tags {
            if self
                .tags
                .keys()
                .any(|inherited| inherited.eq_ignore_ascii_case(key))
            {
                let message = format!("Tag key {key} is inherited and cannot be set again.");
                return Err(validation_error(message, "tags.invalid"));
            }
            if all.insert(key.clone(), value.clone()).is_some() {
                return Err(refuse_tags(&TagError::Duplicate));
            }
        }
        for key in &input.transitive_tag_keys {
            if !input.tags.iter().any(|(tag, _)| tag == key) {
                let message = format!("Transitive tag key {key} is not among the tags.");
                return Err(validation_error(message, "tags.invalid"));
            }
        }
        PrincipalTags::new(all).map_err(|error| refuse_tags(&error))
    }

    /// The source identity, which nothing changes once it is set.
    fn source_identity(&self, input: &Input) -> Result<Option<String>, ApiError> {
        match (&self.source_identity, &input.source_identity) {
            (_, Some(wanted)) if wanted.to_ascii_lowercase().starts_with("aws:") => {
                let message = "SourceIdentity must not start with aws:.";
                Err(validation_error(message, "session.source_identity"))
            }
            (Some(fixed), Some(wanted)) if fixed != wanted => {
                let message = "SourceIdentity is already set and cannot be changed.";
                Err(error::access_denied(message, "session.source_identity"))
            }
            (Some(fixed), _) => Ok(Some(fixed.clone())),
            (None, wanted) => Ok(wanted.clone()),
        }
    }

    fn transitive_keys(&self, new: &[String]) -> Vec<String> {
        self.tags.keys().chain(new).cloned().collect()
    }
}

fn refuse_tags(tag_error: &TagError) -> ApiError {
    let message = match tag_error {
        TagError::Duplicate => {
            "Duplicate tag keys found. Please note that Tag keys are case insensitive."
        }
        TagError::Reserved => "Tag keys and values must not start with aws:.",
        TagError::TooLong => "Session tags may have keys of 128 and values of 256 characters.",
        TagError::TooMany => "At most 50 session tags may be given.",
    };
    validation_error(message, "tags.invalid")
}

/// The question to trust policy and caller together.
struct Trust<'a> {
    env: &'a Env,
    permit: &'a Permit,
    held: &'a CallerPolicies,
    role: Option<&'a Role>,
    input: &'a Input,
}

impl<'a> Trust<'a> {
    fn context(&self, tags: &PrincipalTags, source_identity: Option<&str>) -> Context {
        let mut context =
            request_context(self.env, self.permit.caller(), self.permit.circumstances());
        context.set("sts:RoleSessionName", self.input.session_name.clone());
        if let Some(external_id) = &self.input.external_id {
            context.set("sts:ExternalId", external_id.clone());
        }
        if let Some(source_identity) = source_identity {
            context.set("sts:SourceIdentity", source_identity);
        }
        if !self.input.transitive_tag_keys.is_empty() {
            context.set_many(
                "sts:TransitiveTagKeys",
                self.input.transitive_tag_keys.clone(),
            );
        }
        for (key, value) in self.role.into_iter().flat_map(|role| &role.tags) {
            context.set(&format!("aws:ResourceTag/{key}"), value.clone());
            context.set(&format!("iam:ResourceTag/{key}"), value.clone());
        }
        fill_request_tags(tags, &mut context);
        context
    }

    /// The role, if trust and caller allow `action`; a missing role is refused in the same words.
    fn require(&self, action: &str, context: &Context) -> Result<&'a Role, Failure> {
        let arn = &self.input.role_arn;
        let refused = |reason: &'static str| {
            let caller = self.permit.caller().arn(self.env);
            let message =
                format!("User: {caller} is not authorized to perform: {action} on resource: {arn}");
            Failure::from(error::access_denied(message, reason))
        };
        let role = self.role.ok_or_else(|| refused("role.missing"))?;
        let document = Document::parse(&role.trust_policy, DocumentKind::Trust)
            .map_err(|_| refused("role.trust_unreadable"))?;
        let principal = self.permit.caller().principal(self.env);
        let request = Request {
            principal: &principal,
            action,
            resource: arn,
            resource_account: self.env.account().as_str(),
            context,
        };
        let trust = NamedPolicy {
            name: "trust policy",
            document: &document,
        };
        let explanation: Explanation = self
            .held
            .with(|caller| evaluate_trust(&request, trust, caller));
        if explanation.is_allowed() {
            // INVARIANT: a guest session never gets more than its scope-down policy permits, also
            // where a trust policy names everybody and its session policies would not count.
            if self.permit.caller().is_scoped_down_guest() && !self.session_allows(&request) {
                return Err(refused("policy.implicit_deny"));
            }
            return Ok(role);
        }
        let denial = Denial {
            caller_arn: self.permit.caller().arn(self.env),
            action: action.to_owned(),
            resource: arn.clone(),
            explanation,
        };
        Err(refused(denial.reason()))
    }

    /// Whether the session policies of the caller, taken alone, allow this.
    fn session_allows(&self, request: &Request<'_>) -> bool {
        self.held.with(|held| {
            let alone = PolicySet {
                identity: held.session.unwrap_or_default(),
                resource: None,
                boundary: None,
                session: None,
            };
            evaluate(request, &alone).is_allowed()
        })
    }
}
