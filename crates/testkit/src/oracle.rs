//! A second policy evaluator: slow, obvious, and written from the documentation alone.
//!
//! It exists to disagree. It reads the policy text again on every question, works on strings and
//! recursion where the engine compiles, and lays the decision out as a table where the engine
//! walks an order. Random cases are put to both (S58); neither may be changed to please the other
//! without the documentation saying so.
//!
//! It answers for documents the engine has accepted; what it cannot read says nothing.
//!
//! **Source**: IAM user guide, *Policy element reference* and *Policy evaluation logic*.

mod condition;
mod glob;

use daypass_json::{Bounds, Object, Value};
use daypass_policy::{Context, Decision, Principal, Request};

use glob::fits;

/// The texts of the policies that take part in a decision.
#[derive(Clone, Copy, Debug, Default)]
pub struct Texts<'a> {
    /// Policies of the user or role.
    pub identity: &'a [String],
    /// The policy of the resource.
    pub resource: Option<&'a str>,
    /// The permissions boundary.
    pub boundary: Option<&'a str>,
    /// Policies handed in when the session was made.
    pub session: Option<&'a [String]>,
}

/// Decides a request.
pub fn decide(request: &Request<'_>, texts: &Texts<'_>) -> Decision {
    let resource = hits_of(texts.resource, request);
    let own = match own_side(request, texts) {
        Some(own) if !resource.denied => own,
        _ => return Decision::ExplicitDeny,
    };
    let names = |strength: &str| resource.strengths.iter().any(|known| known == strength);
    let allowed = match account(request.principal) {
        None => *request.principal == Principal::Anonymous && names("itself"),
        Some(account) if account != request.resource_account => {
            !resource.strengths.is_empty() && own.all()
        }
        Some(_) => {
            names("itself")
                || (names("behind") && own.boundary && own.session)
                || (!names("behind") && own.all())
        }
    };
    answer(allowed)
}

/// Decides whether a caller may assume a role.
pub fn decide_trust(request: &Request<'_>, trust: &str, caller: &Texts<'_>) -> Decision {
    let trust = hits_of(Some(trust), request);
    let own = match own_side(request, caller) {
        Some(own) if !trust.denied => own,
        _ => return Decision::ExplicitDeny,
    };
    let names = |strength: &str| trust.strengths.iter().any(|known| known == strength);
    let allowed = match request.principal {
        Principal::Anonymous => false,
        Principal::WebIdentity { .. } => names("itself"),
        known if account(known) != Some(request.resource_account) => {
            !trust.strengths.is_empty() && own.all()
        }
        _ => {
            names("itself")
                || (names("behind") && own.boundary && own.session)
                || (!names("behind") && names("account") && own.all())
        }
    };
    answer(allowed)
}

/// Whether one statement of a text applies to a request, whatever its effect.
pub fn applies(text: &str, index: usize, request: &Request<'_>) -> bool {
    let document = read(text);
    let statement = statements(&document).get(index).copied();
    statement.is_some_and(|it| !strengths(it, request).is_empty() && below(&document, it, request))
}

fn answer(allowed: bool) -> Decision {
    if allowed {
        Decision::Allow
    } else {
        Decision::ImplicitDeny
    }
}

/// What a policy says: whether it denies, and in which ways it allows.
#[derive(Default)]
struct Hits {
    denied: bool,
    strengths: Vec<String>,
}

fn hits(text: &str, request: &Request<'_>) -> Hits {
    let document = read(text);
    let mut hits = Hits::default();
    for statement in statements(&document) {
        if !below(&document, statement, request) {
            continue;
        }
        let found = strengths(statement, request);
        if effect(statement) == "Deny" {
            hits.denied |= !found.is_empty();
        } else {
            hits.strengths.extend(found);
        }
    }
    hits
}

fn hits_of(text: Option<&str>, request: &Request<'_>) -> Hits {
    text.map(|text| hits(text, request)).unwrap_or_default()
}

/// What the caller's own policies allow, each kind on its own.
struct OwnSide {
    identity: bool,
    boundary: bool,
    session: bool,
}

impl OwnSide {
    fn all(&self) -> bool {
        self.identity && self.boundary && self.session
    }
}

/// The caller's own side, unless something in it denies.
fn own_side(request: &Request<'_>, texts: &Texts<'_>) -> Option<OwnSide> {
    let root = matches!(request.principal, Principal::Root { .. });
    let federated = matches!(request.principal, Principal::FederatedUser { .. });
    let each =
        |texts: &[String]| -> Vec<Hits> { texts.iter().map(|text| hits(text, request)).collect() };
    let denies = |hits: &Hits| hits.denied;
    let allows = |hits: &Hits| !hits.strengths.is_empty();
    let identity = each(texts.identity);
    let boundary = texts.boundary.map(|text| hits(text, request));
    let session = texts.session.map(each);
    let refused = identity.iter().any(denies)
        || boundary.as_ref().is_some_and(denies)
        || session.iter().flatten().any(denies);
    (!refused).then(|| OwnSide {
        identity: root || identity.iter().any(allows),
        boundary: boundary.as_ref().is_none_or(allows),
        session: match session {
            Some(session) => session.iter().any(allows),
            None => !federated,
        },
    })
}

fn account(principal: &Principal) -> Option<&str> {
    match principal {
        Principal::Anonymous | Principal::WebIdentity { .. } => None,
        Principal::Root { account }
        | Principal::User { account, .. }
        | Principal::RoleSession { account, .. }
        | Principal::FederatedUser { account, .. } => Some(account),
    }
}

fn read(text: &str) -> Value {
    daypass_json::parse(text.as_bytes(), &Bounds::POLICY).unwrap_or(Value::Null)
}

fn statements(document: &Value) -> Vec<&Object> {
    match document.as_object().and_then(|top| top.get("Statement")) {
        Some(Value::Object(one)) => vec![one],
        Some(Value::Array(many)) => many.iter().filter_map(Value::as_object).collect(),
        _ => Vec::new(),
    }
}

fn has_variables(document: &Value) -> bool {
    let version = document.as_object().and_then(|top| top.get("Version"));
    version.and_then(Value::as_str) == Some("2012-10-17")
}

fn effect(statement: &Object) -> &str {
    let effect = statement.get("Effect").and_then(Value::as_str);
    effect.unwrap_or_default()
}

fn list(value: &Value) -> Vec<String> {
    match value {
        Value::String(text) => vec![text.clone()],
        Value::Bool(truth) => vec![truth.to_string()],
        Value::Integer(number) => vec![number.to_string()],
        Value::Fraction(number) => vec![number.to_string()],
        Value::Array(values) => values.iter().flat_map(list).collect(),
        Value::Null | Value::Object(_) => Vec::new(),
    }
}

/// Everything in a statement but the principal.
fn below(document: &Value, statement: &Object, request: &Request<'_>) -> bool {
    let variables = has_variables(document);
    let action = match (statement.get("Action"), statement.get("NotAction")) {
        (Some(listed), _) => list(listed)
            .iter()
            .any(|it| action_fits(it, request.action)),
        (None, Some(listed)) => !list(listed)
            .iter()
            .any(|it| action_fits(it, request.action)),
        (None, None) => false,
    };
    let covers = |listed: &Value| {
        list(listed)
            .iter()
            .any(|it| resource_fits(it, request.resource, variables, request.context))
    };
    let resource = match (statement.get("Resource"), statement.get("NotResource")) {
        (Some(listed), _) => covers(listed),
        (None, Some(listed)) => !covers(listed),
        (None, None) => true,
    };
    let conditions = statement
        .get("Condition")
        .is_none_or(|block| condition::holds(block, variables, request.context));
    action && resource && conditions
}

fn action_fits(pattern: &str, action: &str) -> bool {
    let pattern = glob::plain(&pattern.to_lowercase());
    fits(&pattern, &action.to_lowercase())
}

fn resource_fits(pattern: &str, resource: &str, variables: bool, context: &Context) -> bool {
    if pattern == "*" {
        return true;
    }
    let mut patterns: Vec<&str> = pattern.splitn(6, ':').collect();
    while patterns.len() < 6 {
        patterns.push("*");
    }
    let parts: Vec<&str> = resource.splitn(6, ':').collect();
    if parts.len() < 6 {
        return false;
    }
    patterns
        .iter()
        .zip(&parts)
        .enumerate()
        .all(|(place, (pattern, part))| {
            let glyphs = if place == 5 && variables {
                glob::with_variables(pattern, true, context)
            } else {
                glob::plain(pattern)
            };
            fits(&glyphs, part)
        })
}

/// In which ways a statement reaches the caller: `itself`, `behind` (the role or user the session
/// came from), `account`. Empty when it does not.
fn strengths(statement: &Object, request: &Request<'_>) -> Vec<String> {
    let deny = effect(statement) == "Deny";
    let web = matches!(request.principal, Principal::WebIdentity { .. });
    if let Some(named) = statement.get("Principal") {
        let mut found = Vec::new();
        for name in names(named) {
            // A token is trusted through its provider; only a refusal reaches it as "everyone".
            if !(web && name == "AWS *" && !deny) {
                let ways = ways(request);
                let called = ways.iter().filter(|(known, _)| *known == name);
                found.extend(called.map(|(_, way)| (*way).to_owned()));
            }
        }
        return found;
    }
    let itself = vec!["itself".to_owned()];
    let Some(named) = statement.get("NotPrincipal") else {
        return itself;
    };
    let listed = names(named);
    let is_listed = |name: &String| listed.contains(name);
    let reached = if deny {
        let spared = match chain(request.principal) {
            Some(chain) => chain.iter().all(|level| level.iter().any(is_listed)),
            None => false,
        };
        !spared && !listed.iter().any(|name| name == "AWS *")
    } else {
        !web && !ways(request).iter().any(|(name, _)| is_listed(name))
    };
    if reached { itself } else { Vec::new() }
}

/// The names a `Principal` lists, each after its type; an account by its id alone.
fn names(value: &Value) -> Vec<String> {
    let Some(types) = value.as_object() else {
        return vec!["AWS *".to_owned()];
    };
    let mut names = Vec::new();
    for (kind, listed) in types.iter() {
        for name in list(listed) {
            let parts: Vec<&str> = name.split(':').collect();
            match parts.as_slice() {
                ["arn", _, "iam", "", account, "root"] => names.push(format!("AWS {account}")),
                _ => names.push(format!("{kind} {name}")),
            }
        }
    }
    names
}

/// Every name the caller answers to, and how strong being called by it is.
fn ways(request: &Request<'_>) -> Vec<(String, &'static str)> {
    let aws = |name: &str| format!("AWS {name}");
    let mut ways = vec![(aws("*"), "itself")];
    match request.principal {
        Principal::Anonymous | Principal::Root { .. } => {}
        Principal::User { arn, id, .. } => {
            ways.extend([(aws(arn), "itself"), (aws(id), "itself")]);
        }
        Principal::RoleSession {
            role_arn,
            role_id,
            session_arn,
            ..
        } => {
            ways.extend([(aws(session_arn), "itself")]);
            ways.extend([(aws(role_arn), "behind"), (aws(role_id), "behind")]);
            if let Some(provider) = request.context.get("aws:federatedprovider")
                && let [provider] = provider.values()
            {
                ways.push((format!("Federated {provider}"), "behind"));
            }
        }
        Principal::FederatedUser { arn, user_arn, .. } => {
            ways.extend([(aws(arn), "itself"), (aws(user_arn), "behind")]);
        }
        Principal::WebIdentity { provider } => {
            ways.push((format!("Federated {provider}"), "itself"));
        }
    }
    if let Some(account) = account(request.principal) {
        ways.push((aws(account), "account"));
    }
    ways
}

/// What must be listed for a `NotPrincipal` to spare the caller: one name of every level.
fn chain(principal: &Principal) -> Option<Vec<Vec<String>>> {
    let aws = |name: &String| format!("AWS {name}");
    Some(match principal {
        Principal::Anonymous | Principal::WebIdentity { .. } => return None,
        Principal::Root { account } => vec![vec![aws(account)]],
        Principal::User { account, arn, id } => {
            vec![vec![aws(account)], vec![aws(arn), aws(id)]]
        }
        Principal::RoleSession {
            account,
            role_arn,
            role_id,
            session_arn,
        } => vec![
            vec![aws(account)],
            vec![aws(role_arn), aws(role_id)],
            vec![aws(session_arn)],
        ],
        Principal::FederatedUser {
            account,
            arn,
            user_arn,
        } => vec![vec![aws(account)], vec![aws(user_arn)], vec![aws(arn)]],
    })
}
